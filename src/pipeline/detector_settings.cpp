#include "patchead/pipeline/detector_settings.hpp"

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

PlannedNeeds planned(const DetectorNeeds& needs, const std::string& detector) {
    return {Layers().parse(concat("detector-options ", detector, ":layers"), needs.layers),
            needs.final_norm,
            needs.image_token,
            needs.copies,
            needs.turns,
            needs.windows,
            needs.prompts,
            needs.projected};
}

/// Those that keys have: not the options that came later, at their defaults.
DetectorOptions options_of_keys(const DetectorInfo& info, DetectorOptions options) {
    for (const auto& option : info.options) {
        const auto found = options.find(std::string(option.name));
        if (option.is_added && found->second == option.initial) { options.erase(found); }
    }
    return options;
}

}  // namespace

DetectorSettings settings_of(const DetectorInfo& info, const DetectorOptions& given) {
    DetectorSettings settings;
    const auto complete = complete_options(info, given);
    const auto detector = info.make(complete);
    settings.options = options_of_keys(info, complete);
    const auto needs_in = [&](Setting setting) {
        return detector->is_for(setting)
                   ? std::optional(planned(detector->needs(setting), std::string(info.name)))
                   : std::nullopt;
    };
    settings.few_shot = needs_in(Setting::few_shot);
    settings.zero_shot = needs_in(Setting::zero_shot);
    settings.interpolation = detector->map_rule().interpolation;
    settings.smooth_sigma_px = detector->map_rule().smooth_sigma_px;
    settings.draws = detector->draws();
    return settings;
}

}  // namespace patchead
