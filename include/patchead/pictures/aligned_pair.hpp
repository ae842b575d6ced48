#pragma once

#include <filesystem>
#include <string>

#include "patchead/core/types.hpp"

/// \file
/// \brief Two images before and after alignment, for the eye.

namespace patchead {

/// A pair of images before and after alignment; all of one size.
struct AlignedPair {
    Image target;
    Image source;
    Image aligned;  ///< The source brought into the position of the target.
    std::string caption;
};

/// Target, source, aligned source, and the target over the aligned source (red where only the
/// target is darker, cyan where only the source is), side by side, as a PNG file, whole or not
/// at all. Throws DataError if sizes differ.
void write_aligned_pair(const std::filesystem::path& path, const AlignedPair& pair);

}  // namespace patchead
