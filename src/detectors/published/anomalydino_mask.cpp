#include <charconv>

#include "parts/foreground.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

ForegroundRule foreground_rule(const nlohmann::json& parameters) {
    return {.threshold = parameters.at("threshold").get<double>(),
            .kernel_size = parameters.at("kernel_size").get<std::int64_t>(),
            .border = parameters.at("border").get<double>(),
            .centre_share = parameters.at("centre_share").get<double>()};
}

/// Which rule a version of scikit-learn has, "1.2.1".
ComponentSign sign_of_version(const std::string& version) {
    int major = 0;
    int minor = 0;
    const auto* const end = version.data() + version.size();
    const auto* const rest = std::from_chars(version.data(), end, major).ptr;
    if (rest != end) { std::from_chars(rest + 1, end, minor); }
    return major > 1 || minor >= 5 ? ComponentSign::by_entry : ComponentSign::by_score;
}

at::Tensor one_value(double value) { return at::full({1}, value, at::kDouble); }

}  // namespace

NamedTensors run_anomalydino_mask(const Inputs& inputs) {
    Outputs outputs;
    const auto rule = foreground_rule(inputs.parameters);
    const auto sign = sign_of_version(inputs.parameters.value("sklearn", "1.2.1"));
    for (const auto& [number, sides] : inputs.parameters.at("grids").items()) {
        const Grid grid{sides.at(0).get<int>(), sides.at(1).get<int>()};
        const auto tokens = inputs.get("tokens." + number);
        const auto scores = first_component(tokens, sign);
        const auto by_entry = first_component(tokens, ComponentSign::by_entry);
        const auto found = foreground_of(scores, grid, rule);
        const auto add_grid = [&](const char* name, const at::Tensor& mask) {
            outputs.add(concat(name, ".", number), mask.view({grid.rows, grid.cols}));
        };
        outputs.add("pc." + number, scores);
        outputs.add("pc_vsign." + number, by_entry);
        add_grid("raw", found.raw);
        add_grid("dilated", found.dilated);
        add_grid("mask", found.mask);
        add_grid("mask_vsign", foreground_of(by_entry, grid, rule).mask);
        outputs.add("flipped." + number, one_value(found.flipped ? 1 : 0));
        outputs.add("centre_share." + number, one_value(found.centre_share));
    }
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
