#pragma once

#include <limits>
#include <string_view>

/// \file
/// \brief The whole training set as prompts, together or one by one, as users, plans and results
/// speak of it.

namespace patchead {

/// As a number of shots: every normal training image of a category, however many there are.
inline constexpr int kAllShots = std::numeric_limits<int>::max();

/// As a number of shots: a point for every normal training image of a category, which is its only
/// prompt. The seed of a point is the image's place among them, by id.
inline constexpr int kEachShot = kAllShots - 1;

/// The words for them in options and labels.
inline constexpr std::string_view kAllShotsWord = "all";
inline constexpr std::string_view kEachShotWord = "each";

/// What results call their settings. There shots are the images that it were.
inline constexpr std::string_view kFullShot = "full-shot";
inline constexpr std::string_view kEachPrompt = "each-prompt";

/// The same of maps that were made elsewhere, nobody said with how many prompts; shots are 0 there.
inline constexpr std::string_view kGivenMaps = "maps";

}  // namespace patchead
