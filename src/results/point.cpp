#include "patchead/results/point.hpp"

#include <algorithm>
#include <cmath>

#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/results/csv.hpp"

namespace patchead {

namespace {

/// "a", "b" of "a+b" and of "a+b-mean".
std::vector<std::string> fused_names(const std::string& label) {
    const auto rule = fuse_rule_of(label);
    const auto end = rule.empty() ? label.size() : label.size() - rule.size() - 1;
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= end;) {
        const auto plus = std::min(label.find('+', at), end);
        names.push_back(label.substr(at, plus - at));
        at = plus + 1;
    }
    return names;
}

}  // namespace

std::string fuse_rule_of(const std::string& label) {
    const auto dash = label.rfind('-');
    if (dash == std::string::npos || label.find('+') > dash) { return ""; }
    const auto rule = label.substr(dash + 1);
    const auto is_rule = [&](const auto& name) { return name.name == rule; };
    return std::ranges::any_of(option_names(FuseRule{}), is_rule) ? rule : "";
}

std::string size_label(const ResultRow& row) {
    return row.sizes.empty() ? std::to_string(row.image_size) : row.sizes;
}

std::vector<std::string> backbones_behind(const ResultRow& row) {
    return fuse_rule_of(row.backbone).empty() ? std::vector{row.backbone}
                                              : fused_names(row.backbone);
}

std::vector<std::string> sides_behind(const ResultRow& row) { return fused_names(size_label(row)); }

bool is_full_shot(const ResultRow& row) { return row.setting == kFullShot; }

bool is_each_prompt(const ResultRow& row) { return row.setting == kEachPrompt; }

std::string shots_label(int shots) {
    return shots == kAllShots ? std::string(kAllShotsWord) : std::to_string(shots);
}

std::string shots_label(const ResultRow& row) {
    if (is_each_prompt(row)) { return std::string(kEachShotWord); }
    return shots_label(is_full_shot(row) ? kAllShots : row.shots);
}

bool is_tuned(const ResultRow& row) { return row.detector.ends_with(kPublishedSuffix); }

bool has_detectors(const Results& results) {
    const auto is_other = [](const ResultRow& row) { return row.detector != kPatchEadName; };
    return std::ranges::any_of(results.rows, is_other) ||
           std::ranges::any_of(results.missing, is_other, &MissingRow::point);
}

std::string network_label(const ResultRow& row) {
    return row.detector == kPatchEadName ? row.backbone
                                         : concat(row.detector, " on ", row.backbone);
}

std::string PointColumns::head() const {
    return concat("dataset,category,backbone,image_size,setting,shots,seed,modules,",
                  with_detector_ ? "detector,tuned," : "");
}

std::string PointColumns::fields(const ResultRow& row) const {
    const auto point =
        concat(csv_field(row.dataset), ",", csv_field(row.category), ",", csv_field(row.backbone),
               ",", csv_field(size_label(row)), ",", csv_field(row.setting), ",", row.shots, ",",
               row.seed, ",", csv_field(row.modules), ",");
    return with_detector_
               ? concat(point, csv_field(row.detector), ",", is_tuned(row) ? "yes" : "no", ",")
               : point;
}

const MetricValue* find_metric(const MetricSet& metrics, std::string_view name) {
    const auto found = std::ranges::find(metrics, name, &MetricValue::name);
    return found == metrics.end() ? nullptr : &*found;
}

bool are_same(double one, double other) {
    return one == other || (std::isnan(one) && std::isnan(other));
}

}  // namespace patchead
