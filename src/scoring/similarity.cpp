#include "similarity.hpp"

#include <array>
#include <cstddef>
#include <limits>

#include "patchead/core/vectorised.hpp"

namespace patchead::inline scoring_detail {
namespace {

constexpr std::size_t kDotLanes = 32;

/// Written as one comparison, this compiles to a single vector instruction (std::max cannot: it
/// must return a reference).
inline float larger(float a, float b) { return a > b ? a : b; }

}  // namespace

PATCHEAD_VECTORISED
double similarity(std::span<const float> a, std::span<const float> b) {
    const float* const x = a.data();
    const float* const y = b.data();
    std::array<double, kDotLanes> lanes{};
    const std::size_t whole = a.size() - a.size() % kDotLanes;
    for (std::size_t i = 0; i < whole; i += kDotLanes) {
        for (std::size_t lane = 0; lane < kDotLanes; ++lane) {
            lanes[lane] += static_cast<double>(x[i + lane]) * static_cast<double>(y[i + lane]);
        }
    }
    for (std::size_t i = whole; i < a.size(); ++i) {
        lanes[i - whole] += static_cast<double>(x[i]) * static_cast<double>(y[i]);
    }
    double sum = 0;
    for (const double lane : lanes) { sum += lane; }
    return sum;
}

PATCHEAD_VECTORISED
float fold_largest(std::span<const float> row, std::span<float> best_of_col) {
    const float* const values = row.data();
    float* const best = best_of_col.data();
    for (std::size_t c = 0; c < best_of_col.size(); ++c) { best[c] = larger(best[c], values[c]); }
    std::array<float, kDotLanes> lanes;
    lanes.fill(-std::numeric_limits<float>::infinity());
    const std::size_t whole = row.size() - row.size() % kDotLanes;
    for (std::size_t c = 0; c < whole; c += kDotLanes) {
        for (std::size_t lane = 0; lane < kDotLanes; ++lane) {
            lanes[lane] = larger(lanes[lane], values[c + lane]);
        }
    }
    for (std::size_t c = whole; c < row.size(); ++c) {
        lanes[c - whole] = larger(lanes[c - whole], values[c]);
    }
    float largest = lanes[0];
    for (const float lane : lanes) { largest = larger(largest, lane); }
    return largest;
}

PATCHEAD_VECTORISED
bool any_reaches(std::span<const float> row, float limit, std::span<const float> limit_of_col) {
    const float* const values = row.data();
    const float* const limits = limit_of_col.data();
    int reached = 0;
    for (std::size_t c = 0; c < row.size(); ++c) { reached |= values[c] >= limit ? 1 : 0; }
    for (std::size_t c = 0; c < limit_of_col.size(); ++c) {
        reached |= values[c] >= limits[c] ? 1 : 0;
    }
    return reached != 0;
}

}  // namespace patchead::inline scoring_detail
