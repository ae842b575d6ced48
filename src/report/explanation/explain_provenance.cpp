#include "explanation/explain_provenance.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/results/point.hpp"

namespace patchead::inline report_detail {
namespace {

/// What the runs behind a cell have of each option that a sweep makes a grid of.
using Grid = std::map<std::string, std::set<std::string>>;

/// Without texts that are empty.
std::set<std::string> as_set(const std::vector<std::string>& texts) {
    std::set<std::string> set(texts.begin(), texts.end());
    set.erase("");
    return set;
}

void add_row(const ResultRow& row, Grid& grid) {
    grid["dataset"].insert(row.dataset);
    grid["category"].insert(row.dataset + "/" + row.category);
    grid["backbone"].merge(as_set(backbones_behind(row)));
    grid["image-size"].merge(as_set(sides_behind(row)));
    grid["fuse-backbones"].merge(as_set({fuse_rule_of(row.backbone)}));
    grid["fuse-sizes"].merge(as_set({fuse_rule_of(row.sizes)}));
    grid["shots"].insert(shots_label(row));
    if (!is_each_prompt(row)) { grid["seeds"].insert(std::to_string(row.seed)); }
    grid["modules"].insert(row.modules);
    grid["detector"].insert(row.detector);
}

void add_runs(const RunsByCategory& runs, const std::set<std::string>& categories, Grid& grid) {
    for (const auto& category : categories) {
        const auto run = runs.find(category);
        if (run != runs.end() && run->second.row != nullptr) { add_row(*run->second.row, grid); }
    }
}

/// Texts of numbers are in their order as long as they have as many digits; it does not matter.
Grid grid_of(const std::vector<CellRuns>& parts) {
    Grid grid;
    for (const auto& part : parts) {
        for (const auto& [seed, runs] : *part.runs) { add_runs(runs, part.categories, grid); }
    }
    return grid;
}

using Words = std::vector<std::string>;

/// The values of options.
using Options = std::map<std::string, Words>;

/// Adds the values of a line "--shots 1 2 --seeds 0".
void add_grid(const Words& words, Options& options) {
    std::string name;
    for (const auto& word : words) {
        if (word.starts_with("--")) {
            name = word.substr(2);
        } else {
            options[name].push_back(word);
        }
    }
}

/// A config has a line `name = value` for each option, and `grid = --name value...` for each grid,
/// whose values are put together here.
Options parse_config(const std::string& config) {
    constexpr std::string_view kEquals = " = ";
    Options options;
    std::istringstream in(config);
    for (std::string line; std::getline(in, line);) {
        const auto equals = line.find(kEquals);
        if (equals == std::string::npos) { continue; }
        const auto name = line.substr(0, equals);
        const WrittenValue value(std::string_view(line).substr(equals + kEquals.size()));
        if (name == "grid") {
            add_grid(value.words(), options);
        } else {
            options[name] = value.words();
        }
    }
    return options;
}

Words words_of(const Options& options, const std::string& name) {
    const auto option = options.find(name);
    return option == options.end() ? Words() : option->second;
}

/// Options of a grid that ask for nothing by default.
constexpr std::array<std::string_view, 3> kOffByDefault{"detector", "fuse-backbones", "fuse-sizes"};

/// Whether a config asks for all of `wanted` of an option; one that does not name it has a default.
bool asks_for(const Options& options, const std::string& name,
              const std::set<std::string>& wanted) {
    if (!options.contains(name)) {
        return wanted.empty() || std::ranges::count(kOffByDefault, name) == 0;
    }
    const auto words = words_of(options, name);
    return std::ranges::includes(std::set(words.begin(), words.end()), wanted);
}

/// What a config says for the backbone that results call `backbone`: the same, or of one that is
/// called "torchscript:vit" its file, "torchscript:DIR/vit.pt". Its JSON file may give it another
/// name: then it is the only such file that the config has. `backbone` itself where it has none.
std::string word_for(const std::string& backbone, const std::vector<std::string>& words) {
    const auto colon = backbone.find(':');
    if (colon == std::string::npos || std::ranges::count(words, backbone) > 0) { return backbone; }
    std::vector<std::string> files;
    for (const auto& word : words) {
        if (!word.starts_with(backbone.substr(0, colon + 1))) { continue; }
        const std::filesystem::path file(word.substr(colon + 1));
        if (file.stem().string() == backbone.substr(colon + 1)) { return word; }
        files.push_back(word);
    }
    return files.size() == 1 ? files.front() : backbone;
}

/// `grid` in the words of a config.
Grid in_words_of(const Options& options, Grid grid) {
    const auto words = words_of(options, "backbone");
    std::set<std::string> backbones;
    for (const auto& name : grid["backbone"]) { backbones.insert(word_for(name, words)); }
    grid["backbone"] = std::move(backbones);
    const bool is_plain = grid["detector"] == std::set<std::string>{std::string(kPatchEadName)};
    if (is_plain && !options.contains("detector")) { grid.erase("detector"); }
    return grid;
}

/// Options of detectors that are not in the sweep would be refused.
void keep_options_of(const Words& detectors, Words& words) {
    std::erase_if(words, [&](const std::string& word) {
        const auto name = word.substr(0, word.rfind(':', word.find('=')));
        return std::ranges::count(detectors, name) == 0;
    });
}

std::string command_of(Options options, const Grid& grid) {
    for (const auto& [name, values] : grid) { options[name] = {values.begin(), values.end()}; }
    keep_options_of(options["detector"], options["detector-options"]);
    std::string text = "patchead sweep";
    for (const auto& [name, values] : options) {
        if (values.empty()) { continue; }
        text += concat(" \\\n  --", name);
        for (const auto& value : values) { text.append(" ").append(shell_word(value)); }
    }
    return text + " \\\n  --data-root DIR --weights-dir DIR --store DIR --output DIR";
}

/// Whether a config is that of `patchead measure`, and not of a sweep.
bool is_measured(const Options& options) {
    return words_of(options, "command") == Words{"measure"};
}

/// Whether such a measurement could be behind `grid`: its data sets, and its name if it has one.
bool could_have_measured(const Options& options, const Grid& grid) {
    const auto names = words_of(options, "name");
    return asks_for(options, "dataset", grid.at("dataset")) &&
           (names.empty() || grid.at("detector") == std::set(names.begin(), names.end()));
}

/// Labels are what they were; maps of other categories are not needed.
std::string measure_command(Options options, const Grid& grid) {
    options.erase("command");
    for (const auto* name : {"dataset", "category"}) {
        options[name] = {grid.at(name).begin(), grid.at(name).end()};
    }
    std::string text = "patchead measure";
    for (const auto& [name, values] : options) {
        if (values.empty()) { continue; }
        text += concat(" \\\n  --", name);
        for (const auto& value : values) { text.append(" ").append(shell_word(value)); }
    }
    return text + " \\\n  --maps DIR --data-root DIR --output DIR";
}

/// "weights.mae_vitb16 of run 2" with prefix "weights.": "mae_vitb16".
std::optional<std::string> subject_of(const std::string& name, std::string_view prefix) {
    if (!name.starts_with(prefix)) { return std::nullopt; }
    const auto rest = name.substr(prefix.size());
    return rest.substr(0, rest.find(" of run "));
}

}  // namespace

std::map<std::string, std::string> provenance_of(const Results& results,
                                                 const std::vector<CellRuns>& runs) {
    auto grid = grid_of(runs);
    std::map<std::string, std::string> facts;
    for (const auto& [name, fact] : results.provenance) {
        const auto weights = subject_of(name, "weights.");
        const auto digest = subject_of(name, "id_digest.");
        const auto maps = subject_of(name, "maps.");
        const auto option = subject_of(name, "backbone.");
        const auto port = subject_of(name, "detector.");
        if (port && !grid["detector"].contains(port->substr(0, port->rfind('.')))) { continue; }
        if (weights && !grid["backbone"].contains(*weights)) { continue; }
        if (digest && !grid["dataset"].contains(*digest)) { continue; }
        if (maps && !grid["dataset"].contains(*maps)) { continue; }
        if (option && std::ranges::none_of(grid["backbone"], [&](const std::string& backbone) {
                return option->starts_with(backbone + ".");
            })) {
            continue;
        }
        if (!name.starts_with("config")) { facts.emplace(name, fact); }
    }
    return facts;
}

std::vector<std::string> commands_of(const Results& results, const std::vector<CellRuns>& runs) {
    std::vector<std::string> commands;
    for (const auto& [name, config] : results.provenance) {
        if (name != "config" && !name.starts_with("config of run ")) { continue; }
        const auto options = parse_config(config);
        if (is_measured(options)) {
            const auto measured = grid_of(runs);
            if (could_have_measured(options, measured)) {
                commands.push_back(measure_command(options, measured));
            }
            continue;
        }
        const auto grid = in_words_of(options, grid_of(runs));
        const bool could_be = std::ranges::all_of(
            std::vector<std::string>{"dataset", "backbone", "shots", "seeds", "modules", "detector",
                                     "fuse-sizes", "fuse-backbones"},
            [&](const std::string& option) {
                const auto wanted = grid.find(option);
                return wanted == grid.end() || asks_for(options, option, wanted->second);
            });
        if (could_be) { commands.push_back(command_of(options, grid)); }
    }
    return commands;
}

}  // namespace patchead::inline report_detail
