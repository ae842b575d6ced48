#pragma once

#include <cstddef>
#include <string>

#include <ATen/ATen.h>

#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Rows of length 1 as a model keeps them. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Rows divided by their length, image by image, so that little is held in double.
/// Shape: `tokens[n, L, C]`, any type, to float32.
[[nodiscard]] at::Tensor unit_images(const at::Tensor& tokens);

/// A view of a model's array, float32. Throws DataError as `array_of` does.
[[nodiscard]] at::Tensor model_view(const DetectorModel& model, const std::string& name,
                                    std::size_t axes);

}  // namespace patchead::inline detectors_detail
