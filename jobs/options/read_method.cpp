#include "options/read_method.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/splits.hpp"
#include "patchead/core/text.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/report/threshold_rules.hpp"

namespace patchead {
namespace {

/// Texts that stand in for defaults of the method.
struct Profile {
    std::string_view name;
    std::vector<std::pair<std::string, std::string>> texts;
};

const Profile& find_profile(std::string_view name) {
    static const std::vector<Profile> profiles{
        {"default", {}}, {"paper-literal", {{"reading", "C"}, {"align-estimator", "orb"}}}};
    return find(std::span<const Profile>(profiles), "profile", name);
}

/// Whether an option of the method is about the run: pictures, units, the store.
bool is_of_run(const MethodOption& option) {
    return !is_recorded(option.changes) || option.changes == Changes::units ||
           option.changes == Changes::features;
}

/// The options that are `wanted`.
po::options_description method_group(const char* title, bool (*wanted)(const MethodOption&)) {
    po::options_description group(title);
    for (const auto& option : method_options()) {
        if (!wanted(option)) { continue; }
        add_row(group,
                {option.name, "VALUE", option.help, OptionRow::Kind::text, option.default_text});
    }
    return group;
}

/// Shots at which maps are recorded.
std::vector<int> read_map_shots(const po::variables_map& values,
                                const std::vector<PointGrid>& grids) {
    std::vector<int> wanted;
    for (const auto& word : words(values, "map-shots")) {
        const int shots = shots_of("map-shots", word);
        const bool is_planned = std::ranges::any_of(grids, [&](const PointGrid& grid) {
            return std::ranges::count(grid.shots, shots) > 0;
        });
        require<ConfigError>(is_planned, "option --map-shots: ", word,
                             " is none of --shots; give some of these");
        append_new(shots, wanted);
    }
    return wanted;
}

/// What is scored beside the test images.
void read_unmeasured(const std::vector<std::string>& wanted, UnmeasuredOptions& options) {
    for (const auto& word : wanted) {
        require<ConfigError>(word == kValidation || word == "unlabelled", "unknown --score-also '",
                             word, "'; one of: validation, unlabelled");
        (word == kValidation ? options.validation : options.unlabelled) = true;
    }
}

}  // namespace

po::options_description recorded_method_group() {
    return method_group("method (docs/method.md)",
                        [](const MethodOption& option) { return is_recorded(option.changes); });
}

po::options_description method_option_group() {
    auto group = method_group("method (docs/method.md)",
                              [](const MethodOption& option) { return !is_of_run(option); });
    add_row(group, {"profile", "NAME",
                    "default, or paper-literal: the equations as printed, keypoints only; options "
                    "win over it",
                    OptionRow::Kind::text, "default"});
    return group;
}

po::options_description run_option_group() {
    auto group = method_group("", is_of_run);
    add_row(group, {"map-shots", "N...",
                    "shots at which maps are recorded; default: 0, and the most that all of "
                    "--modules have",
                    OptionRow::Kind::words});
    add_row(group, {"threshold", "RULE...", kThresholdHelp, OptionRow::Kind::words});
    add_row(group, {"score-also", "WHAT...",
                    "images that no metric is about are scored, too, and with --maps recorded: "
                    "validation (normal images that are no prompts) and unlabelled (those of "
                    "splits without labels)",
                    OptionRow::Kind::words});
    return group;
}

Method read_method_texts(const po::variables_map& values) {
    auto method = default_method();
    const auto& profile =
        find_profile(values.count("profile") > 0 ? text_of(values, "profile") : "default");
    for (const auto& option : method_options()) {
        if (values.count(option.name) == 0) { continue; }
        const auto stand_in = std::ranges::find(profile.texts, option.name,
                                                &std::pair<std::string, std::string>::first);
        const bool is_default = values[option.name].defaulted();
        option.set(method, is_default && stand_in != profile.texts.end()
                               ? stand_in->second
                               : text_of(values, option.name));
    }
    for (const auto& dataset : datasets()) {
        if (!dataset.get().info().aligned) { method.masking_only.emplace(dataset.name); }
    }
    return method;
}

Method read_method(const po::variables_map& values, const std::vector<PointGrid>& grids) {
    auto method = read_method_texts(values);
    method.units.map_shots = read_map_shots(values, grids);
    for (const auto& rule : parse_threshold_rules(words(values, "threshold"))) {
        method.units.thresholds.push_back(rule.name);
        method.unmeasured.validation |= rule.is_of_validation;
    }
    read_unmeasured(words(values, "score-also"), method.unmeasured);
    return method;
}

}  // namespace patchead
