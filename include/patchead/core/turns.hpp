#pragma once

#include <cmath>
#include <vector>

#include "patchead/core/images.hpp"

/// \file
/// \brief Versions of an image that are turned by other angles than those with a name.

namespace patchead {

/// Versions beyond the last named one are turns: by so many degrees more each.
inline constexpr double kTurnStep = 1.5;

/// The version that is turned by `steps` of kTurnStep, anticlockwise, less than a whole turn and
/// more than none. Multiples of 45 degrees are those with a name: they are the same artifacts.
[[nodiscard]] constexpr Version turned_by(int steps) {
    constexpr int of_eighth = 30;
    return static_cast<Version>(steps % of_eighth == 0
                                    ? static_cast<int>(Version::rotated) + steps / of_eighth
                                    : static_cast<int>(kLastVersion) + steps);
}

/// By how many degrees a fixed version is turned that is not flipped.
[[nodiscard]] constexpr double degrees_of(Version turn) {
    return turn > kLastVersion
               ? kTurnStep * (static_cast<int>(turn) - static_cast<int>(kLastVersion))
               : 45.0 * (static_cast<int>(turn) - static_cast<int>(Version::rotated));
}

/// The most turns that differ from each other.
inline constexpr int kMostTurns = 119;

/// `count` turns, 0 to kMostTurns, that part a whole turn evenly, up to half a step: of 3 by 90,
/// 180 and 270 degrees, of 30 by 12, 22.5, ..., 348.
[[nodiscard]] inline std::vector<Version> even_turns(int count) {
    std::vector<Version> turns;
    for (int i = 1; i <= count; ++i) {
        turns.push_back(
            turned_by(static_cast<int>(std::lround(360 / kTurnStep * i / (count + 1)))));
    }
    return turns;
}

}  // namespace patchead
