#include "patchead/outputs/replacement.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/results/point.hpp"
#include "point_names.hpp"

namespace patchead {
namespace {

using Texts = std::map<std::string, std::string>;

/// The lines `name = value` of a recorded config.
Texts lines_of(const Provenance& provenance) {
    constexpr std::string_view kIs = " = ";
    Texts values;
    const auto config = provenance.find("config");
    std::istringstream lines(config == provenance.end() ? "" : config->second);
    for (std::string line; std::getline(lines, line);) {
        const auto is = line.find(kIs);
        if (is != line.npos) { values[line.substr(0, is)] = line.substr(is + kIs.size()); }
    }
    return values;
}

/// Adds the option `name` where both have a text for it, and not the same.
void compare(const Texts& before, const Texts& now, const std::string& name,
             std::vector<std::string>& differences) {
    const auto old = before.find(name);
    const auto found = now.find(name);
    if (old == before.end() || found == now.end() || old->second == found->second) { return; }
    differences.push_back(concat("--", name, " ", old->second, " there, ", found->second, " now"));
}

/// Options that change numbers. Those of the grid are seen at the points; one that an older program
/// did not record had no effect there.
void compare_options(const Provenance& before, const Provenance& now, Replacement& result) {
    const auto old = lines_of(before);
    const auto asked = lines_of(now);
    for (const auto& option : method_options()) {
        const bool changes = is_recorded(option.changes) && option.changes != Changes::units;
        if (changes) { compare(old, asked, option.name, result.losses); }
    }
    for (const auto* option : {"precision", "detector-options", "detector-maps"}) {
        compare(old, asked, option, result.losses);
    }
}

/// Facts that are recorded beside the config.
void compare_facts(const Provenance& before, const Provenance& now, Replacement& result) {
    const auto text_of = [](const Provenance& facts, const std::string& name) {
        const auto found = facts.find(name);
        return found == facts.end() ? std::string() : found->second;
    };
    if (text_of(before, "prompts") != text_of(now, "prompts")) {
        result.losses.emplace_back("other --prompts");
    }
    for (const auto& [name, text] : now) {
        if (!before.contains(name) || before.at(name) == text) { continue; }
        const auto rest = name.substr(name.find('.') + 1);
        if (name.starts_with("weights.")) { result.losses.push_back("other weights of " + rest); }
        if (name.starts_with("backbone.")) {
            result.losses.push_back(
                concat("backbone option ", rest, " ", before.at(name), " there, ", text, " now"));
        }
        if (name.starts_with("id_digest.")) {
            result.changes.push_back("other images in data set " + rest);
        }
    }
}

/// Whether units were cut otherwise, which changes the key of a result and nothing else.
bool has_same_units(const Provenance& before, const Provenance& now) {
    const auto old = lines_of(before);
    const auto asked = lines_of(now);
    std::vector<std::string> differences;
    for (const auto& option : method_options()) {
        if (option.changes == Changes::units) { compare(old, asked, option.name, differences); }
    }
    return differences.empty();
}

/// Metrics that `before` has and this sweep does not measure.
void compare_metrics(const Results& before, const SweepPlan& plan, Replacement& result) {
    const auto& asked = plan.spec.metric_names;
    if (asked.empty()) { return; }
    for (const auto& name : before.metric_names) {
        if (std::ranges::count(asked, name) == 0) {
            result.losses.push_back(concat("metric ", name, " is not measured now"));
        }
    }
}

/// How many points of `before` will be of another artifact; those that are no more are a loss.
std::size_t compare_points(const Results& before, const SweepPlan& plan, Replacement& result) {
    std::map<PointKey, std::string> planned;
    for (const auto& unit : plan.evaluates) {
        planned[key_of(row_of(plan, unit))] = unit.key.digest();
    }
    std::size_t lost = 0;
    std::size_t changed = 0;
    std::string example;
    for (const auto& row : before.rows) {
        const auto found = planned.find(key_of(row));
        if (found != planned.end()) {
            changed += row.artifact == found->second ? 0 : 1;
        } else if (lost++ == 0) {
            example = PointColumns(before).fields(row);
        }
    }
    if (lost > 0) {
        example.pop_back();  // Its last comma.
        result.losses.push_back(concat(lost, " of its ", before.rows.size(),
                                       " points are not in this sweep, e.g. ", example));
    }
    return changed;
}

/// Copies `file` to "<stem>.before-<N>.h5" beside it, whole or not at all; N is the first that is
/// free, or that of a copy of the same bytes. Returns the copy.
std::filesystem::path keep(const std::filesystem::path& file) {
    const auto bytes = read_text(file);
    for (int n = 1;; ++n) {
        auto copy = file.parent_path() / concat(file.stem().string(), ".before-", n, ".h5");
        std::error_code error;
        if (!std::filesystem::exists(copy, error)) {
            write_whole(copy, bytes);
            return copy;
        }
        if (read_text(copy) == bytes) { return copy; }
    }
}

/// Whether `now` has every value that `before` has.
bool has_all_of(const Results& now, const Results& before) {
    std::map<PointKey, const ResultRow*> rows;
    for (const auto& row : now.rows) { rows.emplace(key_of(row), &row); }
    return std::ranges::all_of(before.rows, [&](const ResultRow& row) {
        const auto found = rows.find(key_of(row));
        return found != rows.end() &&
               std::ranges::all_of(row.metrics, [&](const MetricValue& metric) {
                   const auto* other = find_metric(found->second->metrics, metric.name);
                   return other != nullptr && are_same(metric.value, other->value);
               });
    });
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) { all += (all.empty() ? "" : "; ") + text; }
    return all;
}

}  // namespace

Replacement replacement_of(const Results& before, const Provenance& provenance,
                           const SweepPlan& plan) {
    Replacement result;
    const auto changed = compare_points(before, plan, result);
    compare_metrics(before, plan, result);
    if (changed == 0) { return result; }
    const auto& old = before.provenance;
    const auto known = result.losses.size();
    compare_options(old, provenance, result);
    compare_facts(old, provenance, result);
    const bool is_explained = result.losses.size() > known || !result.changes.empty();
    // More shots are other artifacts of the same numbers; older files do not name artifacts.
    const bool has_same_points = plan.evaluates.size() + plan.impossible.size() ==
                                 before.rows.size() + before.missing.size();
    const bool is_comparable = has_same_points && !before.rows.front().artifact.empty();
    if (!is_explained && is_comparable && has_same_units(old, provenance)) {
        result.changes.push_back(concat("other images, labels or kind of device at ", changed,
                                        " of ", before.rows.size(), " points"));
    }
    return result;
}

std::vector<std::string> keep_results(const std::filesystem::path& folder,
                                      const Provenance& provenance, const SweepPlan& plan) {
    const auto file = folder / "results.h5";
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) { return {}; }
    Replacement found;
    try {
        found = replacement_of(read_results(file), provenance, plan);
    } catch (const DamagedError& damage) {
        return {concat("the results of an earlier run are damaged and will be replaced: ",
                       damage.what())};
    }
    if (!found.losses.empty()) {
        const auto kept = keep(file);
        return {concat("'", file.string(), "' holds results of another sweep (",
                       joined(found.losses), "); they are kept as '", kept.string(),
                       "', of which `patchead report FILE --output DIR` makes their tables again")};
    }
    if (found.changes.empty()) { return {}; }
    return {concat("results in '", folder.string(), "' will be replaced by those of ",
                   joined(found.changes))};
}

std::vector<std::string> keep_other_results(const std::filesystem::path& folder,
                                            const Results& now) {
    const auto file = folder / "results.h5";
    std::error_code error;
    if (!std::filesystem::exists(file, error)) { return {}; }
    try {
        if (has_all_of(now, read_results(file))) { return {}; }
    } catch (const DamagedError& damage) {
        return {
            concat("the results of an earlier run are damaged and were replaced: ", damage.what())};
    }
    const auto kept = keep(file);
    return {concat("'", file.string(), "' held other results; they are kept as '", kept.string(),
                   "', of which `patchead report FILE --output DIR` makes their tables again")};
}

}  // namespace patchead
