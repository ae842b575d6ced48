#include "parts/binary_map.hpp"
#include "published/binary_rule.hpp"

namespace patchead::inline detectors_detail {

BinaryRule binary_rule(const nlohmann::json& parameters) {
    return {.closing_radius = parameters.at("closing_radius").get<int>(),
            .closing_angles = parameters.at("closing_angles").get<int>(),
            .closing_lower_threshold = parameters.at("closing_lower_threshold").get<double>(),
            .binary_erosion = parameters.at("binary_erosion").get<int>()};
}

NamedTensors run_superadd_binary(const Inputs& inputs) {
    const auto rule = binary_rule(inputs.parameters);
    // The map is float32, as the threshold is.
    const auto threshold = inputs.parameters.at("threshold").get<float>();
    const auto maps = binary_maps(inputs.get("map").to(at::kFloat), threshold, rule);
    Outputs outputs;
    outputs.add("thresholded", maps.thresholded);
    outputs.add("closed", maps.closed);
    outputs.add("filled", maps.filled);
    outputs.add("binary", maps.binary);
    outputs.add("line_kernel", line_kernels(rule));
    outputs.add("dilate_kernel", dilated_kernels(rule));
    outputs.add("erosion_kernel", erosion_kernel(rule));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
