#pragma once

#include "patchead/core/types.hpp"
#include "view.hpp"

/// \file
/// \brief The last fraction of a degree and of a pixel.

namespace patchead::inline alignment_detail {

/// `transform` and then the small turn and shift that make the agreement of the objects highest: a
/// climb with halving steps, from 2 degrees and 1/56 of the side. The scale stays.
[[nodiscard]] Transform refine(const SmallCopy& source, const SmallCopy& target,
                               const Transform& transform);

}  // namespace patchead::inline alignment_detail
