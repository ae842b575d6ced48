#include "options/point_options.hpp"

#include <algorithm>
#include <filesystem>

#include "options/parse_options.hpp"
#include "options/point_lists.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/text.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;
using Lists = PointLists;

struct PointRow {
    OptionRow option;
    Words standard;
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

std::filesystem::path find_grid(const std::string& file, const Words& configs) {
    std::vector<std::filesystem::path> places{file};
    for (const auto& config : configs) {
        places.push_back(std::filesystem::path(config).parent_path() / file);
    }
    const auto found = std::ranges::find_if(
        places, [](const auto& place) { return std::filesystem::exists(place); });
    require<ConfigError>(found != places.end(), "cannot read grid file '", file,
                         "' (no such file, neither here nor beside a --config file); check --grid");
    return *found;
}

Lists read_grid(const std::filesystem::path& file) {
    po::options_description options;
    for (const auto& row : rows()) { add_row(options, row.option); }
    const auto parsed =
        parse_options({"--config", file.string()}, {"patchead sweep --grid", "", "", options});
    auto lists = given_lists(parsed.values);
    require<ConfigError>(lists.contains("dataset"), "grid file '", file.string(),
                         "' names no data set; add a line dataset = NAME...");
    return completed(std::move(lists));
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
    for (const auto& word : lists.at("image-size")) { append_new(side_of(word), grid.sides_px); }
    for (const auto& word : lists.at("shots")) {
        append_new(whole_number("shots", word, 0), grid.shots);
    }
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
        auto lists = read_grid(find_grid(file, words(values, "config")));
        if (!narrow(given, lists)) { continue; }
        add_grid(lists, points);
        points.text += lists_text(lists);
    }
    require<ConfigError>(!points.grids.empty(), "no point is left (options given with --grid ",
                         "narrow its grids to the values that they name); check them");
    return points;
}

}  // namespace patchead
