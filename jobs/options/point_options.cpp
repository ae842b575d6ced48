#include "options/point_options.hpp"

#include <algorithm>
#include <map>

#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/text.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

using WordList = std::vector<std::string>;
using Lists = std::map<std::string, WordList>;  ///< By option; one not given is not in it.

struct PointRow {
    OptionRow option;
    WordList standard;
};

const std::vector<PointRow>& rows() {
    static const std::vector<PointRow> table{
#define PATCHEAD_POINT(option, shown, standard, help) \
    {{option, shown, help, OptionRow::Kind::words}, WrittenValue(standard).words()},
#include "options/sweep_request.def"
    };
    return table;
}

Lists given_lists(const po::variables_map& values) {
    Lists lists;
    for (const auto& [option, standard] : rows()) {
        if (auto list = words(values, option.name); !list.empty()) { lists[option.name] = list; }
    }
    return lists;
}

/// Gives the options that are not in `lists` their default.
Lists completed(Lists lists) {
    for (const auto& [option, standard] : rows()) { lists.emplace(option.name, standard); }
    return lists;
}

Lists read_grid(const std::string& file) {
    po::options_description options;
    for (const auto& row : rows()) { add_row(options, row.option); }
    const auto parsed =
        parse_options({"--config", file}, {"patchead sweep --grid", "", "", options});
    auto lists = given_lists(parsed.values);
    require<ConfigError>(lists.contains("dataset"), "grid file '", file,
                         "' names no data set; add a line dataset = NAME...");
    return completed(std::move(lists));
}

/// Keeps the values that are in `given`; whether any point is left. What a grid does not speak of
/// (it fuses nothing) it takes from `given`.
bool narrow(const Lists& given, Lists& grid) {
    for (const auto& [option, wanted] : given) {
        if (grid.at(option).empty()) { grid.at(option) = wanted; }
        std::erase_if(grid.at(option), [&](const std::string& word) {
            return std::ranges::count(wanted, word) == 0;
        });
        if (grid.at(option).empty()) { return false; }
    }
    return true;
}

int side_of(const std::string& word) {
    return word == "default" ? kDefaultSide : whole_number("image-size", word, 1);
}

/// Adds the grid, and its data sets and backbones to those of all.
void add_grid(const Lists& lists, PointOptions& points) {
    PointGrid grid;
    grid.datasets = lists.at("dataset");
    for (const auto& word : grid.datasets) { append_new(word, points.datasets); }
    for (const auto& word : lists.at("backbone")) {
        append_new(word, points.backbones);
        const auto place = std::ranges::find(points.backbones, word);
        grid.backbones.push_back(static_cast<std::size_t>(place - points.backbones.begin()));
    }
    for (const auto& word : lists.at("detector")) {
        append_new(word, points.detectors);
        const auto place = std::ranges::find(points.detectors, word);
        grid.detectors.push_back(static_cast<std::size_t>(place - points.detectors.begin()));
    }
    for (const auto& word : lists.at("image-size")) { append_new(side_of(word), grid.sides_px); }
    for (const auto& word : lists.at("shots")) { append_new(shots_of("shots", word), grid.shots); }
    for (const auto& word : lists.at("seeds")) {
        append_new(static_cast<std::uint64_t>(whole_number("seeds", word, 0)), grid.seeds);
    }
    for (const auto& word : lists.at("modules")) { append_new(parse_modules(word), grid.modules); }
    for (const auto& word : lists.at("fuse-sizes")) {
        append_new(parse_option<FuseRule>("fuse-sizes", word), grid.fuse_sides);
    }
    for (const auto& word : lists.at("fuse-backbones")) {
        append_new(parse_option<FuseRule>("fuse-backbones", word), grid.fuse_backbones);
    }
    points.grids.push_back(std::move(grid));
}

std::string lists_text(const Lists& lists) {
    std::string text = "grid =";
    for (const auto& [option, list] : lists) {
        if (list.empty()) { continue; }
        text += concat(" --", option);
        for (const auto& word : list) { text += concat(" ", quoted_word(word)); }
    }
    return text + "\n";
}

}  // namespace

po::options_description point_option_group() {
    po::options_description group("grid (every combination is computed)");
    for (const auto& row : rows()) { add_row(group, row.option); }
    add_row(group, {"grid", "FILE...",
                    "points of these config files in place of one grid; the options above then "
                    "narrow them to the values given",
                    OptionRow::Kind::words});
    return group;
}

PointOptions parse_points(const po::variables_map& values) {
    PointOptions points;
    const auto given = given_lists(values);
    const auto files = words(values, "grid");
    if (files.empty()) {
        require<ConfigError>(given.contains("dataset"), "no data set is named; give --dataset ",
                             "NAME... (patchead datasets list names them), or --grid FILE");
        add_grid(completed(given), points);
        return points;
    }
    for (const auto& file : files) {
        auto lists = read_grid(find_grid_file(file, words(values, "config")));
        if (!narrow(given, lists)) { continue; }
        add_grid(lists, points);
        points.text += lists_text(lists);
    }
    require<ConfigError>(!points.grids.empty(), "no point is left (options given with --grid ",
                         "narrow its grids to the values that they name); check them");
    return points;
}

}  // namespace patchead
