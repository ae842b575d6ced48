#include "brain_float.hpp"

#include <bit>
#include <cstddef>

#include "patchead/core/vectorised.hpp"

namespace patchead::inline scoring_detail {

PATCHEAD_VECTORISED
double round_to_brain_float(std::span<const float> from, std::span<BrainFloat> to) {
    constexpr std::size_t kLanes = 32;
    float errors[kLanes] = {};
    const float* const values = from.data();
    BrainFloat* const rounded = to.data();
    const auto round = [&](std::size_t i, std::size_t lane) {
        const auto bits = std::bit_cast<std::uint32_t>(values[i]);
        const auto upper = (bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16;
        const float error = values[i] - std::bit_cast<float>(upper << 16);
        rounded[i] = static_cast<BrainFloat>(upper);
        errors[lane] += error * error;
    };
    const std::size_t whole = from.size() - from.size() % kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) { round(i + lane, lane); }
    }
    for (std::size_t i = whole; i < from.size(); ++i) { round(i, i - whole); }
    double sum = 0;
    for (const float error : errors) { sum += static_cast<double>(error); }
    return sum;
}

PATCHEAD_VECTORISED
void to_float(std::span<const BrainFloat> from, float sign, std::span<float> to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
        to[i] = sign * std::bit_cast<float>(std::uint32_t{from[i]} << 16);
    }
}

}  // namespace patchead::inline scoring_detail
