#pragma once

#include <cstddef>
#include <string>

#include <ATen/ATen.h>

#include "patchead/core/plain_tensor.hpp"

/// \file
/// \brief Large arrays of a model without a copy. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// The array `name`, float32, over the memory of `model`, which must outlive it; only to be read.
/// Throws DataError as `array_of` does.
[[nodiscard]] at::Tensor stored_view(const NamedTensors& model, const std::string& name,
                                     std::size_t axes);

}  // namespace patchead::inline detectors_detail
