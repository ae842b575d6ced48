#pragma once

#include <limits>
#include <string_view>

/// \file
/// \brief The whole training set as prompts, as users, plans and results speak of it.

namespace patchead {

/// As a number of shots: every normal training image of a category, however many there are.
inline constexpr int kAllShots = std::numeric_limits<int>::max();

/// The word for it in options and labels.
inline constexpr std::string_view kAllShotsWord = "all";

/// What results call its setting. There shots are the images that it were.
inline constexpr std::string_view kFullShot = "full-shot";

/// The same of maps that were made elsewhere, nobody said with how many prompts; shots are 0 there.
inline constexpr std::string_view kGivenMaps = "maps";

}  // namespace patchead
