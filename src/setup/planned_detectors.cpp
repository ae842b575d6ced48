#include "planned_detectors.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "patchead/core/detector_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/detectors/detector.hpp"
#include "patchead/pipeline/detector_settings.hpp"

namespace patchead::inline setup_detail {
namespace {

constexpr std::string_view kPublishedMaps = "published";
constexpr std::string_view kCommonMaps = "common";

/// The options that the publication sets, by data set or "dataset/category".
std::map<std::string, DetectorOptions> published_of(const DetectorInfo& info) {
    require<ConfigError>(!info.published.empty(), "option --detector: '", info.name,
                         kPublishedSuffix, "' (the publication of ", info.name,
                         " sets no option by data set); leave '", kPublishedSuffix, "' out");
    std::map<std::string, DetectorOptions> by_dataset;
    for (const auto& line : info.published) {
        by_dataset[std::string(line.dataset)][std::string(line.option)] = line.value;
    }
    return by_dataset;
}

PlannedDetector plan_detector(const DetectorRequest& request, const std::string& name) {
    PlannedDetector planned;
    planned.name = name;
    planned.method = name;
    if (name == kPatchEadName) { return planned; }
    const bool by_dataset = name.ends_with(kPublishedSuffix);
    if (by_dataset) { planned.method.resize(name.size() - kPublishedSuffix.size()); }
    const auto& info = find<DetectorInfo>(detectors(), "detector", planned.method);
    const auto found = request.options.find(name);
    const auto given = found == request.options.end() ? DetectorOptions() : found->second;
    planned.draws = info.draws;
    planned.published_maps = request.maps != kCommonMaps;
    planned.common = settings_of(info, given);
    if (!by_dataset) { return planned; }
    const auto published = published_of(info);
    for (const auto& [place, options] : published) {
        auto own = given;  // What the user says wins, then what is said of the category.
        own.insert(options.begin(), options.end());
        const auto of_dataset = published.find(place.substr(0, place.find('/')));
        if (of_dataset != published.end()) {
            own.insert(of_dataset->second.begin(), of_dataset->second.end());
        }
        planned.own.emplace(place, settings_of(info, own));
    }
    return planned;
}

void require_used(const DetectorRequest& request) {
    for (const auto& [name, options] : request.options) {
        require<ConfigError>(std::ranges::count(request.names, name) > 0,
                             "option --detector-options: '", name,
                             "' is none of the detectors of this sweep; add it to --detector or "
                             "leave it out");
        require<ConfigError>(name != kPatchEadName, "option --detector-options: '", name,
                             "' has options of their own (patchead sweep --help-all lists them); "
                             "give them by their names, e.g. --kp-fraction 0.3");
    }
}

}  // namespace

std::vector<PlannedDetector> plan_detectors(const DetectorRequest& request) {
    require<ConfigError>(
        request.maps.empty() || request.maps == kPublishedMaps || request.maps == kCommonMaps,
        "option --detector-maps: '", request.maps, "' is none of ", kPublishedMaps, ", ",
        kCommonMaps);
    std::vector<PlannedDetector> planned;
    for (const auto& name : request.names) { planned.push_back(plan_detector(request, name)); }
    require_used(request);
    return planned;
}

void add_facts(const std::vector<PlannedDetector>& planned, Provenance& facts) {
    for (const auto& detector : planned) {
        if (detector.name == kPatchEadName) { continue; }
        const auto& info = find<DetectorInfo>(detectors(), "detector", detector.method);
        const auto add = [&](std::string_view fact, std::string_view text) {
            if (!text.empty()) { facts[concat("detector.", detector.name, ".", fact)] = text; }
        };
        add("title", info.title);
        add("port", info.port);
        add("network", info.network);
        add("backbone", info.backbone);
        add("alone", info.scores_alone ? "yes" : "");
    }
}

}  // namespace patchead::inline setup_detail
