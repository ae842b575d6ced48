#pragma once

#include <cstdint>

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

/// \file
/// \brief How a CPU's threads share a batch.

namespace patchead::inline backbone_detail {

/// Makes this thread compute alone for a while: LibTorch's and OpenBLAS's (OpenMP build) inner
/// loops ask the OpenMP setting of the thread that calls them.
class OneThread {
  public:
    OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
    ~OneThread() { at::set_num_threads(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

  private:
    int before_;
};

/// Of `batch` images, `count` at a time, each such group by one thread: threads never wait for each
/// other, and no number depends on how many there are. Images left over go alone.
template <class Run>
void in_groups(std::int64_t batch, std::int64_t count, const Run& run) {
    const auto groups = batch / count;
    const auto rest = batch - groups * count;
    const auto first_of = [=](std::int64_t i) {
        return i < groups ? i * count : groups * count + i - groups;
    };
    at::parallel_for(0, groups + rest, 1, [&](std::int64_t begin, std::int64_t end) {
        const c10::InferenceMode inference;
        const OneThread alone;
        for (auto i = begin; i < end; ++i) { run(first_of(i), i < groups ? count : 1); }
    });
}

}  // namespace patchead::inline backbone_detail
