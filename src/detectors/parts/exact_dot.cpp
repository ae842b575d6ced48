#include "parts/exact_dot.hpp"

#include <array>
#include <cstddef>

#include "patchead/core/vectorised.hpp"

namespace patchead::inline detectors_detail {

PATCHEAD_VECTORISED
double exact_dot(const float* a, const float* b, std::int64_t size) {
    constexpr std::int64_t kLanes = 32;
    std::array<double, kLanes> lanes{};
    const std::int64_t whole = size - size % kLanes;
    for (std::int64_t i = 0; i < whole; i += kLanes) {
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
            lanes[static_cast<std::size_t>(lane)] +=
                static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
        }
    }
    for (std::int64_t i = whole; i < size; ++i) {
        lanes[static_cast<std::size_t>(i - whole)] +=
            static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    double sum = 0;
    for (const double lane : lanes) { sum += lane; }
    return sum;
}

}  // namespace patchead::inline detectors_detail
