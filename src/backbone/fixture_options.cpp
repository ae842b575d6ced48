#include "fixture_options.hpp"

#include <nlohmann/json.hpp>

namespace patchead::inline backbone_detail {

NamedOptions fixture_options(const nlohmann::json& config) {
    NamedOptions options;
    options["heads"] = std::to_string(config.at("num_heads").get<int>());
    options["depth"] = std::to_string(config.at("depth").get<int>());
    if (config.contains("rel_pos_resize") && config["rel_pos_resize"].is_string()) {
        options["bias_resize"] = config["rel_pos_resize"];
    }
    if (config.contains("rope") && config["rope"].contains("reference_grid")) {
        options["rope_grid"] = config["rope"]["reference_grid"].dump();
    }
    return options;
}

}  // namespace patchead::inline backbone_detail
