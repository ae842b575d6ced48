#include "options/backbone_options.hpp"

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// One name can stand for one value only.
void require_same(const char* option, const std::string& name, const std::string& first,
                  const std::string& second) {
    require<ConfigError>(first == second, "option --", option, ": '", name,
                         "' is given twice, as '", first, "' and as '", second,
                         "'; leave one of them out");
}

}  // namespace

WeightFiles parse_weights(const std::vector<std::string>& words) {
    WeightFiles weights;
    for (const auto& item : words) {
        const auto equals = item.find('=');
        require<ConfigError>(
            equals != std::string::npos && equals > 0 && equals + 1 < item.size(),
            "option --weights: '", item,
            "' is not of the form NAME=FILE; e.g. mae_vitb16=/path/to/file.pth (in a "
            "config file, a path with blanks stands in double quotes)");
        const auto name = item.substr(0, equals);
        const auto file = item.substr(equals + 1);
        require_same("weights", name, weights.try_emplace(name, file).first->second.string(), file);
    }
    return weights;
}

namespace {

/// WordList NAME:OPTION=VALUE of `option`; a name may hold a colon, too.
std::map<std::string, std::map<std::string, std::string>> parse_named(
    const char* option, const char* example, const std::vector<std::string>& words) {
    std::map<std::string, std::map<std::string, std::string>> options;
    for (const auto& item : words) {
        const auto equals = item.find('=');
        const auto colon = item.rfind(':', equals);
        require<ConfigError>(colon != std::string::npos && equals != std::string::npos &&
                                 colon > 0 && equals > colon + 1 && equals + 1 < item.size(),
                             "option --", option, ": '", item,
                             "' is not of the form NAME:OPTION=VALUE; e.g. ", example);
        const auto name = item.substr(colon + 1, equals - colon - 1);
        const auto value = item.substr(equals + 1);
        auto& named = options[item.substr(0, colon)];
        require_same(option, item.substr(0, equals), named.try_emplace(name, value).first->second,
                     value);
    }
    return options;
}

}  // namespace

BackboneOptions parse_backbone_options(const std::vector<std::string>& words) {
    return parse_named("backbone-option", "openclip_vitb16_plus_240:tokens=pre_ln", words);
}

std::map<std::string, std::map<std::string, std::string>> parse_detector_options(
    const std::vector<std::string>& words) {
    return parse_named("detector-options", "aprilgan:layers=0.5,1", words);
}

}  // namespace patchead
