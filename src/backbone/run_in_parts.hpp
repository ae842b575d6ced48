#pragma once

#include <algorithm>
#include <cstdint>

namespace patchead::inline backbone_detail {

/// Calls `run(first, count)` until all of `batch` is done, at most `limit` at a time; whenever it
/// throws OutOfMemory, `limit` is halved and the same images are tried again. One image that does
/// not fit is an error: its OutOfMemory leaves.
template <class OutOfMemory, class Run>
void run_in_parts(std::int64_t batch, std::int64_t& limit, const Run& run) {
    std::int64_t first = 0;
    const auto run_next = [&](std::int64_t count) {
        try {
            run(first, count);
            first += count;
        } catch (const OutOfMemory&) {
            if (count == 1) { throw; }
            limit = count / 2;
        }
    };
    while (first < batch) { run_next(std::min(limit, batch - first)); }
}

}  // namespace patchead::inline backbone_detail
