#include "options/point_lists.hpp"

#include <algorithm>
#include <filesystem>

#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

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

}  // namespace

const std::vector<PointRow>& point_rows() {
    static const std::vector<PointRow> table{
#define PATCHEAD_POINT(option, shown, standard, help) \
    {{option, shown, help, OptionRow::Kind::words}, WrittenValue(standard).words()},
#include "options/sweep_request.def"
    };
    return table;
}

PointLists given_lists(const po::variables_map& values) {
    PointLists lists;
    for (const auto& [option, standard] : point_rows()) {
        if (auto list = words(values, option.name); !list.empty()) { lists[option.name] = list; }
    }
    return lists;
}

PointLists completed(PointLists lists) {
    for (const auto& [option, standard] : point_rows()) { lists.emplace(option.name, standard); }
    return lists;
}

PointLists read_grid(const std::string& name, const Words& configs) {
    const auto file = find_grid(name, configs);
    po::options_description options;
    for (const auto& row : point_rows()) { add_row(options, row.option); }
    const auto parsed =
        parse_options({"--config", file.string()}, {"patchead sweep --grid", "", "", options});
    auto lists = given_lists(parsed.values);
    require<ConfigError>(lists.contains("dataset"), "grid file '", file.string(),
                         "' names no data set; add a line dataset = NAME...");
    return completed(std::move(lists));
}

bool narrow(const PointLists& given, PointLists& grid) {
    for (const auto& [option, wanted] : given) {
        if (grid.at(option).empty()) { grid.at(option) = wanted; }
        std::erase_if(grid.at(option), [&](const std::string& word) {
            return std::ranges::count(wanted, word) == 0;
        });
        if (grid.at(option).empty()) { return false; }
    }
    return true;
}

std::string lists_text(const PointLists& lists) {
    std::string text = "grid =";
    for (const auto& [option, list] : lists) {
        if (list.empty()) { continue; }
        text += concat(" --", option);
        for (const auto& word : list) { text += concat(" ", quoted_word(word)); }
    }
    return text + "\n";
}

}  // namespace patchead
