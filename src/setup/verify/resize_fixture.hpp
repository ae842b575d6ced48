#pragma once

#include <filesystem>
#include <vector>

#include "patchead/core/fixture_result.hpp"

namespace patchead::inline setup_detail {

/// Pillow's resizes of a picture: `inputs.safetensors` with `image_rgb_u8` [H, W, 3],
/// `outputs.safetensors` with `bicubic` and `bilinear` [h, w, 3], which must be the same bytes, and
/// the same normalised by torchvision, `bicubic_NAME_normalised` [3, h, w], which must be within
/// 1e-6; `config.json` has means and deviations under NAME. Throws DataError if the folder has not.
[[nodiscard]] std::vector<FixtureResult> verify_resize(const std::filesystem::path& folder);

}  // namespace patchead::inline setup_detail
