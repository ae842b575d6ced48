#include "options/backbone_options.hpp"

#include "patchead/core/error.hpp"

namespace patchead {

WeightFiles parse_weights(const std::vector<std::string>& words) {
    WeightFiles weights;
    for (const auto& item : words) {
        const auto equals = item.find('=');
        require<ConfigError>(equals != std::string::npos && equals > 0 && equals + 1 < item.size(),
                             "option --weights: '", item,
                             "' is not of the form NAME=FILE; e.g. mae_vitb16=/path/to/file.pth");
        weights[item.substr(0, equals)] = item.substr(equals + 1);
    }
    return weights;
}

BackboneOptions parse_backbone_options(const std::vector<std::string>& words) {
    BackboneOptions options;
    for (const auto& item : words) {
        const auto equals = item.find('=');
        const auto colon = item.rfind(':', equals);  // A name may hold one, too.
        require<ConfigError>(colon != std::string::npos && equals != std::string::npos &&
                                 colon > 0 && equals > colon + 1 && equals + 1 < item.size(),
                             "option --backbone-option: '", item,
                             "' is not of the form NAME:OPTION=VALUE; e.g. "
                             "openclip_vitb16_plus_240:tokens=pre_ln");
        options[item.substr(0, colon)][item.substr(colon + 1, equals - colon - 1)] =
            item.substr(equals + 1);
    }
    return options;
}

}  // namespace patchead
