#include <charconv>

#include "parts/layer_distances.hpp"
#include "parts/maps.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "published/binary_rule.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// The number behind `word` in a text of the parameters.
double number_after(const std::string& text, const std::string& word) {
    double value = 0;
    const auto found = text.find(word);
    require<DataError>(found != std::string::npos, "no '", word, "' in '", text,
                       "' of a fixture's threshold; make the fixture again");
    const auto* const begin = text.data() + found + word.size();
    require<DataError>(std::from_chars(begin, text.data() + text.size(), value).ec == std::errc{},
                       "no number behind '", word, "' in '", text,
                       "' of a fixture's threshold; make the fixture again");
    return value;
}

/// Of the maps of all images but the last.
double published_threshold(const at::Tensor& maps, const nlohmann::json& parameters) {
    const auto rule = parameters.at("threshold").get<std::string>();
    return normal_threshold(maps.narrow(0, 0, maps.size(0) - 1), number_after(rule, "percentile "),
                            number_after(rule, "times "));
}

}  // namespace

NamedTensors run_superadd(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    const auto grid = inputs.grid();
    const int downscale = parameters.at("evaluation_downscale").get<int>();
    const auto image = inputs.size("image_size");
    const MapSize size{image.height / downscale, image.width / downscale};
    std::vector<at::Tensor> distances;
    for (const auto& layer : parameters.at("layers")) {
        const auto number = std::to_string(layer.get<int>());
        distances.push_back(
            distance_by_channels(inputs.get("queries." + number), inputs.get("bank." + number))
                .view({-1, grid.rows, grid.cols}));
    }
    const auto layers = at::stack(distances, 1);
    const auto maps = resize_maps(layers, size).mean(1);
    const auto threshold = published_threshold(maps, parameters);
    const auto rule = binary_rule(parameters);
    std::vector<at::Tensor> closed;
    std::vector<at::Tensor> filled;
    std::vector<at::Tensor> binary;
    for (std::int64_t i = 0; i < maps.size(0); ++i) {
        const auto of_image = binary_maps(maps[i], threshold, rule);
        closed.push_back(of_image.closed);
        filled.push_back(of_image.filled);
        binary.push_back(of_image.binary);
    }
    Outputs outputs;
    outputs.add("layer_distance", layers);
    outputs.add("map", maps);
    outputs.add("threshold", at::full({1}, threshold, at::kDouble));
    outputs.add("line_kernel", line_kernels(rule));
    outputs.add("closed", at::stack(closed));
    outputs.add("filled", at::stack(filled));
    outputs.add("binary", at::stack(binary));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
