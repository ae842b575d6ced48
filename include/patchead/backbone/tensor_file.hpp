#pragma once

#include <filesystem>
#include <string>

#include "patchead/core/plain_tensor.hpp"

/// \file
/// \brief Plain arrays from files of tensors, for those that see no LibTorch.

namespace patchead {

/// All tensors of a safetensors, `.npz` or torch.save file by their keys, whatever their type.
/// Throws WeightsError as `load_backbone`.
[[nodiscard]] NamedTensors read_tensor_file(const std::filesystem::path& file);

}  // namespace patchead
