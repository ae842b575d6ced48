#pragma once

#include "patchead/core/types.hpp"

/// \file
/// \brief Patches of unit length.

namespace patchead::inline scoring_detail {

/// Scales every patch of `block` to unit length: norm and quotient in double, stored as float32.
/// A zero vector stays zero. Threads: those of OpenMP.
/// Throws DataError that names the image if a value is not finite.
void normalise(FeatureBlock& block);

}  // namespace patchead::inline scoring_detail
