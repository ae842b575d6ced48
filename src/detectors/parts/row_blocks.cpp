#include "parts/row_blocks.hpp"

#include <algorithm>
#include <exception>

namespace patchead::inline detectors_detail {

void for_row_blocks(std::int64_t n, std::int64_t block,
                    const std::function<void(std::int64_t begin, std::int64_t end)>& work) {
    std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t begin = 0; begin < n; begin += block) {
        try {
            work(begin, std::min(begin + block, n));
        } catch (...) {
#pragma omp critical(row_blocks)
            failure = std::current_exception();
        }
    }
    if (failure) { std::rethrow_exception(failure); }
}

}  // namespace patchead::inline detectors_detail
