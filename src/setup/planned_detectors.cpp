#include "planned_detectors.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "patchead/core/detector_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/text.hpp"
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

/// What `--detector-options` says of `name`.
DetectorOptions options_for(const DetectorRequest& request, const std::string& name) {
    const auto found = request.options.find(name);
    return found == request.options.end() ? DetectorOptions() : found->second;
}

/// Options as the name of a variant has them: "side=normal,of=patches". They win over `given`.
DetectorOptions with_own(const std::string& name, DetectorOptions given) {
    for (const auto& part : split_at_commas(options_in_name(name))) {
        const auto equals = part.find('=');
        require<ConfigError>(equals != std::string::npos && equals > 0 &&
                                 equals + 1 < part.size() && part.find('/') == std::string::npos,
                             "option --detector: '", name, "' ('", part,
                             "' is not of the form OPTION=VALUE, without slashes); write "
                             "NAME:OPTION=VALUE, e.g. clip:side=normal");
        given[part.substr(0, equals)] = part.substr(equals + 1);
    }
    return given;
}

PlannedDetector plan_detector(const DetectorRequest& request, const std::string& name) {
    PlannedDetector planned;
    planned.name = name;
    planned.method = name;
    if (name == kPatchEadName) { return planned; }
    const bool by_dataset = name.ends_with(kPublishedSuffix);
    const bool is_variant = !by_dataset && !options_in_name(name).empty();
    if (by_dataset || is_variant) { planned.method = detector_in_name(name); }
    const auto& info = find<DetectorInfo>(detectors(), "detector", planned.method);
    const auto given = is_variant ? with_own(name, options_for(request, planned.method))
                                  : options_for(request, name);
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
        const auto is_it = [&name](const std::string& other) {
            return other == name ||
                   (detector_in_name(other) == name && !other.ends_with(kPublishedSuffix));
        };
        require<ConfigError>(std::ranges::any_of(request.names, is_it),
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
        const bool is_variant =
            detector.name != detector.method && !detector.name.ends_with(kPublishedSuffix);
        add("title", is_variant ? concat(info.title, " (", options_in_name(detector.name), ")")
                                : std::string(info.title));
        add("port", info.port);
        add("network", info.network);
        add("backbone", info.backbone);
        add("alone", info.scores_alone ? "yes" : "");
    }
}

}  // namespace patchead::inline setup_detail
