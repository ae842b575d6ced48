#pragma once

#include <vector>

#include "checkpoint/load_weights.hpp"

namespace patchead::inline backbone_detail {

/// How DINOv2 and its kin name their parameters, with plain MLPs and with packed SwiGLU ones.
[[nodiscard]] std::vector<Layout> dinov2_layouts();

}  // namespace patchead::inline backbone_detail
