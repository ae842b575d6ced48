#pragma once

#include <map>
#include <string>
#include <vector>

/// \file
/// \brief The lists of a grid as words.

namespace patchead {

/// The words of an option of a grid, by its name; one that was not given is not in it.
using PointLists = std::map<std::string, std::vector<std::string>>;

/// Keeps the values that are in `given`; whether any point is left. What a grid does not speak of
/// (it fuses nothing) it takes from `given`. `grid` has all options.
[[nodiscard]] bool narrow(const PointLists& given, PointLists& grid);

/// For provenance: "grid = --shots 1 2 ..." and a line break.
[[nodiscard]] std::string lists_text(const PointLists& lists);

}  // namespace patchead
