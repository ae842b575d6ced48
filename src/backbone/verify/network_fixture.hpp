#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "patchead/backbone/backbone.hpp"

namespace patchead::inline backbone_detail {

/// What a fixture folder says: a network's input and what upstream makes of it.
struct NetworkFixture {
    std::string family;
    LoadOptions options;
    at::Tensor image;
    std::map<std::string, at::Tensor> outputs;  ///< In float32.
    at::Tensor text_ids{};                      ///< [texts, tokens]; undefined if it has no texts.
};

/// Throws DataError if `folder` is none.
[[nodiscard]] NetworkFixture read_network_fixture(const std::filesystem::path& folder);

/// Weights files in `folder`, in order.
[[nodiscard]] std::vector<std::filesystem::path> weight_files(const std::filesystem::path& folder);

/// All tensors of a file in float32. Throws WeightsError as `read_checkpoint`.
[[nodiscard]] std::map<std::string, at::Tensor> read_floats(const std::filesystem::path& file);

inline constexpr const char* kPatchTokens = "patch_tokens";
inline constexpr const char* kClassAttention = "cls_attention";

}  // namespace patchead::inline backbone_detail
