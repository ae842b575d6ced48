#pragma once

#include <cstddef>
#include <functional>

/// \file
/// \brief Many independent pieces of work on a few threads.

namespace patchead::inline data_detail {

/// Calls `work(i)` once for each i in [0, count), on up to `threads` threads; returns when all are
/// done. The calls must not depend on each other. If one throws, the first such exception in the
/// order of i is thrown here, after all others have been called.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace patchead::inline data_detail
