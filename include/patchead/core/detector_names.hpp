#pragma once

#include <string>
#include <string_view>

/// \file
/// \brief What results call detectors.

namespace patchead {

/// PatchEAD itself: what is there without `--detector`, and in files from before there were others.
inline constexpr std::string_view kPatchEadName = "patchead";

/// What the name of a detector ends in if its options are those that its publication sets by data
/// set: they were chosen by how well they did on the test images.
inline constexpr std::string_view kPublishedSuffix = ":published";

/// "clip" of "clip:side=normal", "musc" of "musc:published", the whole of others.
[[nodiscard]] inline std::string detector_in_name(std::string_view name) {
    return std::string(name.substr(0, name.find(':')));
}

/// What a variant says of its options: "side=normal" of "clip:side=normal"; empty of others.
[[nodiscard]] inline std::string options_in_name(std::string_view name) {
    const auto colon = name.find(':');
    if (colon == std::string_view::npos || name.ends_with(kPublishedSuffix)) { return {}; }
    return std::string(name.substr(colon + 1));
}

}  // namespace patchead
