#include <algorithm>
#include <array>

#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {

#define PATCHEAD_DETECTOR(name) DetectorInfo name##_info();
#include "detectors.def"
#undef PATCHEAD_DETECTOR

}  // namespace patchead::inline detectors_detail

namespace patchead {

DetectorModel Detector::fit(const DetectorImages&, std::uint64_t) const {
    throw ConfigError("this detector has no few-shot mode; ask for batch zero-shot (--shots 0)");
}

DetectorModel Detector::fit_parts(const ReferenceSource& references, std::uint64_t seed) const {
    return fit(references.read(0, references.images()), seed);
}

PatchScores Detector::score(const DetectorModel&, const DetectorImages&) const {
    throw ConfigError("this detector has no few-shot mode; ask for batch zero-shot (--shots 0)");
}

PatchScores Detector::score_batch(const DetectorImages&) const {
    throw ConfigError("this detector has no batch zero-shot mode; ask for shots of at least 1");
}

double Detector::scoring_flops(const ScoringWork& work) const { return plain_lookups(work); }

std::span<const DetectorInfo> detectors() {
    static const auto kDetectors = std::to_array<DetectorInfo>({
#define PATCHEAD_DETECTOR(name) name##_info(),
#include "detectors.def"
#undef PATCHEAD_DETECTOR
    });
    return kDetectors;
}

DetectorOptions complete_options(const DetectorInfo& detector, const DetectorOptions& given) {
    std::vector<std::string_view> names;
    names.reserve(detector.options.size());
    DetectorOptions options = given;
    for (const auto& option : detector.options) {
        names.push_back(option.name);
        options.emplace(option.name, option.initial);
    }
    for (const auto& [name, value] : given) {
        require<ConfigError>(
            std::ranges::count(names, name) > 0,
            unknown_name(concat("option of detector ", detector.name), name, names));
    }
    return options;
}

std::unique_ptr<const Detector> make_detector(std::string_view name, const DetectorOptions& given) {
    const auto& detector = find<DetectorInfo>(detectors(), "detector", name);
    return detector.make(complete_options(detector, given));
}

}  // namespace patchead
