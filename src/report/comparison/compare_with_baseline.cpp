#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include "comparison/compare_cells.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/results/point.hpp"
#include "text/detector_footnotes.hpp"

namespace patchead {
namespace {

int parse_number(const std::string& text) {
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    require<ConfigError>(error == std::errc() && end == text.data() + text.size() && number >= 0,
                         "option --against: '", text, "' is no whole number; ",
                         "give it like shots=1");
    return number;
}

/// "448" or "224+448-mean".
std::pair<int, std::string> parse_size(const std::string& text) {
    if (fuse_rule_of(text).empty()) { return {parse_number(text), ""}; }
    ResultRow row;
    row.sizes = text;
    int largest = 0;
    for (const auto& side : sides_behind(row)) { largest = std::max(largest, parse_number(side)); }
    return {largest, text};
}

/// A label of a configuration that can be replaced.
struct Label {
    std::string_view name;
    void (*set)(Configuration&, const std::string&);
};
constexpr auto kLabels = std::to_array<Label>({
    {"backbone", [](Configuration& to, const std::string& value) { to.backbone = value; }},
    {"image_size",
     [](Configuration& to, const std::string& value) { to.image_size = parse_size(value); }},
    {"shots",
     [](Configuration& to, const std::string& value) {
         if (value == kEachShotWord) {
             to.shots = 1;
             to.setting = kEachPrompt;
             return;
         }
         const bool is_all = value == kAllShotsWord;
         to.shots = is_all ? kAllShots : parse_number(value);
         to.setting = is_all ? kFullShot : name_of(setting_of(to.shots));
     }},
    {"modules",
     [](Configuration& to, const std::string& value) {
         ResultRow row;
         row.modules = value;
         to.modules = configuration_of(row).modules;
     }},
    {"detector",
     [](Configuration& to, const std::string& value) {
         ResultRow row;
         row.detector = value;
         to.detector = configuration_of(row).detector;
     }},
});

const Label& find_label(const std::string& name) {
    return find(std::span<const Label>(kLabels), "label to compare by", name);
}

/// Adds the lines of one configuration: its categories and, if there are several, their average.
void add_lines(const Configuration& configuration, const RunsBySeed& one, const RunsBySeed& other,
               const DatasetRuns& runs, Spread spread, ComparisonTable& table) {
    const std::string metric(kResampledMetric);
    const auto add = [&](const std::string& name, const std::set<std::string>& categories) {
        auto labels = labels_of(configuration, runs);
        labels.push_back(name);
        table.lines.push_back(
            compare_cells({one, other}, categories, metric, std::move(labels), spread));
    };
    for (const auto& category : runs.categories) { add(category, {category}); }
    if (runs.categories.size() > 1) { add("Average", runs.categories); }
}

ComparisonTable empty_table(const std::string& dataset, const DatasetRuns& runs,
                            const Baseline& baseline) {
    ComparisonTable table;
    table.name = "differences_" + dataset;
    table.caption = fmt::format("{}: {} less that of {}={}", dataset, kResampledMetric,
                                baseline.label, baseline.value);
    table.one_head = fmt::format("{}={}", baseline.label, baseline.value);
    table.other_head = "this";
    table.label_columns = label_columns(runs);
    table.label_columns.emplace_back("category");
    return table;
}

/// Adds the lines of all configurations of which there is a baseline.
void add_differences(const DatasetRuns& runs, const Baseline& baseline, Spread spread,
                     ComparisonTable& table) {
    const auto& label = find_label(baseline.label);
    for (const auto& [configuration, seeds] : runs.configurations) {
        auto base = configuration;
        label.set(base, baseline.value);
        const auto found = runs.configurations.find(base);
        if (base == configuration || found == runs.configurations.end()) { continue; }
        add_lines(configuration, found->second, seeds, runs, spread, table);
    }
}

}  // namespace

Baseline parse_baseline(const std::string& text) {
    const auto equals = text.find('=');
    require<ConfigError>(equals != std::string::npos, "option --against: '", text,
                         "' is not of the form LABEL=VALUE; give it like modules=none");
    Baseline baseline{text.substr(0, equals), text.substr(equals + 1)};
    Configuration trial;
    find_label(baseline.label).set(trial, baseline.value);
    return baseline;
}

std::vector<ComparisonTable> compare_with_baseline(const Results& results, const Baseline& baseline,
                                                   Spread spread) {
    std::vector<ComparisonTable> tables;
    for (const auto& [dataset, runs] : group_runs(results)) {
        auto table = empty_table(dataset, runs, baseline);
        table.footnotes = comparison_footnotes(results.bootstrap);
        ShownDetectors shown;
        add_shown(runs, shown);
        std::ranges::move(detector_footnotes(shown, results), std::back_inserter(table.footnotes));
        add_differences(runs, baseline, spread, table);
        if (!table.lines.empty()) { tables.push_back(std::move(table)); }
    }
    return tables;
}

}  // namespace patchead
