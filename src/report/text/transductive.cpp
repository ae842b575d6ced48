#include "text/transductive.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/core/error.hpp"
#include "patchead/results/point.hpp"

namespace patchead::inline report_detail {
namespace {

constexpr std::string_view kZeroShot = "batch-zero-shot";

/// The values that the configs of `results` give an option, which has a line `name = value`.
std::set<std::string> configured(const Results& results, const std::string& option) {
    std::set<std::string> values;
    for (const auto& [name, config] : results.provenance) {
        if (name != "config" && !name.starts_with("config of run ")) { continue; }
        const auto start = option + " = ";
        std::istringstream in(config);
        for (std::string line; std::getline(in, line);) {
            if (line.starts_with(start)) { values.insert(line.substr(start.size())); }
        }
    }
    return values;
}

bool scores_alone(const std::string& detector, const Results& results) {
    const auto name = detector.substr(0, detector.find(':'));
    return results.provenance.contains(concat("detector.", detector, ".alone")) ||
           results.provenance.contains(concat("detector.", name, ".alone"));
}

/// Whether the scores of a fused point were brought to one scale by those of all test images.
bool is_calibrated(const Configuration& point, const Results& results) {
    const bool over_backbones = !fuse_rule_of(point.backbone).empty();
    if (!over_backbones && fuse_rule_of(point.image_size.second).empty()) { return false; }
    const auto hows = configured(results, "fuse-calibration");
    const bool is_default = hows.empty() || hows.contains("auto");
    return (is_default && over_backbones) || hows.contains("robust_z") || hows.contains("rank");
}

/// "--company-share 0.3 --company-order defect", of what labels decided; empty if nothing.
std::string attack_text(const Results& results) {
    std::string text;
    for (const auto& [option, harmless] :
         {std::pair{"company-share", "natural"}, std::pair{"company-order", "shuffle"}}) {
        for (const auto& value : configured(results, option)) {
            if (value == harmless) { continue; }
            text += fmt::format("{}--{} {}", text.empty() ? "" : " ", option, value);
        }
    }
    return text;
}

}  // namespace

bool is_transductive(const Configuration& point, const Results& results) {
    return (point.setting == kZeroShot && !scores_alone(point.detector.second, results)) ||
           is_calibrated(point, results);
}

std::vector<std::string> transductive_footnotes(const DatasetRuns& runs, const Results& results) {
    bool of_batches = false;
    bool of_patchead = false;
    std::set<std::string> alone;
    std::set<std::string> calibrated;
    for (const auto& [point, seeds] : runs.configurations) {
        if (is_calibrated(point, results)) {
            calibrated.insert(fuse_rule_of(point.backbone).empty() ? point.image_size.second
                                                                   : point.backbone);
        }
        if (point.setting != kZeroShot) { continue; }
        const auto& detector = point.detector.second;
        if (scores_alone(detector, results)) {
            alone.insert(detector);
        } else {
            of_batches = true;
            of_patchead |= !point.detector.first;
        }
    }
    std::vector<std::string> notes;
    if (of_batches) {
        notes.push_back(fmt::format(
            "Transductive: scores of {} rows depend on the other test images of their batch{}.",
            kZeroShot,
            alone.empty() ? std::string()
                          : fmt::format(" (not those of {})", fmt::join(alone, ", "))));
    }
    if (!calibrated.empty()) {
        notes.push_back(
            fmt::format("Transductive: scores of {} are calibrated by those of all "
                        "test images.",
                        fmt::join(calibrated, ", ")));
    }
    const auto attack = of_patchead ? attack_text(results) : std::string();
    if (!attack.empty()) {
        notes.push_back(
            fmt::format("Under attack: in {} rows labels chose which test images meet "
                        "({}); this measures robustness and is no result of a method.",
                        kZeroShot, attack));
    }
    return notes;
}

}  // namespace patchead::inline report_detail
