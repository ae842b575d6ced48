#pragma once

#include <cstdint>
#include <functional>

#include <ATen/Parallel.h>

/// \file
/// \brief Work whose bits do not depend on the number of threads. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Calls `work(begin, end)` for consecutive blocks of at most `block` of `n` rows, on all threads.
/// Products inside are made on one thread each, so that they have the same bits on any machine
/// with the same processors. Rethrows what `work` throws.
void for_row_blocks(std::int64_t n, std::int64_t block,
                    const std::function<void(std::int64_t begin, std::int64_t end)>& work);

/// Lets LibTorch use one thread while it lives: for decompositions, whose sums depend on threads.
class SingleThread {
  public:
    SingleThread() : before_(at::get_num_threads()) { set(1); }
    SingleThread(const SingleThread&) = delete;
    SingleThread& operator=(const SingleThread&) = delete;
    SingleThread(SingleThread&&) = delete;
    SingleThread& operator=(SingleThread&&) = delete;
    ~SingleThread() { set(before_); }

  private:
    /// Where there is one thread anyway, LibTorch is left alone: it makes its threads anew.
    void set(int threads) const {
        if (before_ != 1) { at::set_num_threads(threads); }
    }

    int before_;
};

}  // namespace patchead::inline detectors_detail
