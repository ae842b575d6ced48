#pragma once

#include <string_view>

/// \file
/// \brief What results call detectors.

namespace patchead {

/// PatchEAD itself: what is there without `--detector`, and in files from before there were others.
inline constexpr std::string_view kPatchEadName = "patchead";

/// What the name of a detector ends in if its options are those that its publication sets by data
/// set: they were chosen by how well they did on the test images.
inline constexpr std::string_view kPublishedSuffix = ":published";

}  // namespace patchead
