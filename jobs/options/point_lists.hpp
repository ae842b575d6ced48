#pragma once

#include <map>
#include <string>
#include <vector>

#include "options/parse_options.hpp"

/// \file
/// \brief The lists of a grid as words: of the command line and of the files of `--grid`.

namespace patchead {

/// The words of an option of a grid, by its name; one that was not given is not in it.
using PointLists = std::map<std::string, std::vector<std::string>>;

/// An option of a grid, and its default.
struct PointRow {
    OptionRow option;
    std::vector<std::string> standard;
};

/// Every option of a grid, in the order of --help.
[[nodiscard]] const std::vector<PointRow>& point_rows();

/// What the command line has.
[[nodiscard]] PointLists given_lists(const po::variables_map& values);

/// Gives the options that are not in `lists` their default.
[[nodiscard]] PointLists completed(PointLists lists);

/// The lists of a file, completed. It is looked for where it is said to lie and beside the files
/// of `--config`. Throws ConfigError.
[[nodiscard]] PointLists read_grid(const std::string& file,
                                   const std::vector<std::string>& configs);

/// Keeps the values that are in `given`; whether any point is left. What a grid does not speak of
/// (it fuses nothing) it takes from `given`.
[[nodiscard]] bool narrow(const PointLists& given, PointLists& grid);

/// For provenance: "grid = --shots 1 2 ..." and a line break.
[[nodiscard]] std::string lists_text(const PointLists& lists);

}  // namespace patchead
