#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// \file
/// \brief Plain arrays from files of tensors, for those that see no LibTorch.

namespace patchead {

/// Shape: `values` holds the product of `shape`, row by row.
struct PlainTensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// All tensors of a safetensors, `.npz` or torch.save file by their keys, whatever their type.
/// Throws WeightsError as `load_backbone`.
[[nodiscard]] std::map<std::string, PlainTensor> read_tensor_file(
    const std::filesystem::path& file);

}  // namespace patchead
