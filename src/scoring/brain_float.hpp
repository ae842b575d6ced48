#pragma once

#include <cstdint>
#include <span>

/// \file
/// \brief bf16: the upper half of a float32.

namespace patchead::inline scoring_detail {

using BrainFloat = std::uint16_t;

/// Largest relative error of rounding to 8 significant bits.
constexpr float kBrainRounding = 1.0F / 256;

/// Rounds finite values to nearest, ties to even; returns the sum of the squared errors.
double round_to_brain_float(std::span<const float> from, std::span<BrainFloat> to);

/// The same values, times `sign` (1 or -1), as floats.
void to_float(std::span<const BrainFloat> from, float sign, std::span<float> to);

}  // namespace patchead::inline scoring_detail
