#pragma once

#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Where the object of an image lies, as patches see it.

namespace patchead {

/// The share of each patch that shows the object, as the estimators of alignments find it: what
/// differs from the ground in brightness or colour, without its shadow. All 0 if no object stands
/// out (a texture, a blank image). `image` is the whole one, at any size; `shape` says where its
/// patches lie. Shape: `[shape.grid.rows, shape.grid.cols]`.
[[nodiscard]] std::vector<float> object_shares(const Image& image, const InputShape& shape);

}  // namespace patchead
