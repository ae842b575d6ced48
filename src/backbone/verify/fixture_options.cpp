#include "verify/fixture_options.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "families/family.hpp"
#include "patchead/core/registry.hpp"

namespace patchead::inline backbone_detail {
namespace {

using Json = nlohmann::json;

/// What a fixture calls an activation, and option "activation".
constexpr auto kActivations = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"gelu_exact", "gelu"}, {"gelu_tanh", "gelu_tanh"}, {"quickgelu", "quickgelu"}});

std::string joined(const Json& numbers) {
    std::string text;
    for (const auto& number : numbers) { text += (text.empty() ? "" : "+") + number.dump(); }
    return text;
}

/// All that a fixture may say, whatever its family.
NamedOptions all_of(const Json& config) {
    NamedOptions options;
    options["heads"] = std::to_string(config.at("num_heads").get<int>());
    options["depth"] = std::to_string(config.at("depth").get<int>());
    if (config.contains("rel_pos_resize") && config["rel_pos_resize"].is_string()) {
        options["bias_resize"] = config["rel_pos_resize"];
    }
    if (config.contains("rope") && config["rope"].contains("reference_grid")) {
        options["rope_grid"] = config["rope"]["reference_grid"].dump();
    }
    for (const auto& [theirs, ours] : kActivations) {
        if (config.value("mlp", "") == theirs) { options["activation"] = ours; }
    }
    if (config.contains("pool")) { options["pool_heads"] = config["pool"].at("num_heads").dump(); }
    if (config.contains("text")) { options["text_heads"] = config["text"].at("num_heads").dump(); }
    if (config.contains("num_cls_tokens")) {
        options["class_tokens"] = config["num_cls_tokens"].dump();
    }
    if (config.contains("summary_idxs")) { options["summary"] = joined(config["summary_idxs"]); }
    if (config.contains("pos_interpolation") && config["pos_interpolation"].is_object()) {
        const bool antialias = config["pos_interpolation"].value("antialias", false);
        options["position_resize"] = antialias ? "timm" : "transformers";
    }
    return options;
}

}  // namespace

NamedOptions fixture_options(const Json& config) {
    const auto name = config.at("family").get<std::string>();
    const auto& family = find(families(), "backbone family", name);
    auto options = all_of(config);
    std::erase_if(options, [&](const auto& option) {
        return option.first != "heads" && option.first != "depth" &&
               std::ranges::none_of(family.options,
                                    [&](const auto& known) { return known.name == option.first; });
    });
    return options;
}

}  // namespace patchead::inline backbone_detail
