#pragma once

#include <algorithm>
#include <cstdint>

namespace patchead::inline backbone_detail {

/// Whether there is memory for `run(first, count)`, which then is done. One image must fit.
template <class OutOfMemory, class Run>
[[nodiscard]] bool fits(std::int64_t first, std::int64_t count, const Run& run) {
    try {
        run(first, count);
        return true;
    } catch (const OutOfMemory&) {
        if (count == 1) { throw; }
        return false;
    }
}

/// Calls `run(first, count)` until all of `batch` is done, at most `limit` at a time; whenever it
/// throws OutOfMemory, `limit` is halved and the same images are tried again. One image that does
/// not fit is an error: its OutOfMemory leaves.
template <class OutOfMemory, class Run>
void run_in_parts(std::int64_t batch, std::int64_t& limit, const Run& run) {
    for (std::int64_t first = 0; first < batch;) {
        const auto count = std::min(limit, batch - first);
        if (fits<OutOfMemory>(first, count, run)) {
            first += count;
        } else {
            limit = count / 2;
        }
    }
}

}  // namespace patchead::inline backbone_detail
