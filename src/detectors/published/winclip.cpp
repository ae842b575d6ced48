#include "parts/maps.hpp"
#include "parts/winclip_windows.hpp"
#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// What the windows of all scales and the image, or the patches, say together.
struct WinClipGrids {
    at::Tensor zero_shot;
    at::Tensor few_shot;
};

/// Names as anomalib and the other implementation have them; their grids are the same.
void add_maps(Outputs& outputs, const WinClipGrids& grids, const at::Tensor& score, MapSize size) {
    outputs.add("image_score_zero_shot", score);
    outputs.add("zero_shot_grid", grids.zero_shot);
    outputs.add("anomalib.zero_shot_grid", grids.zero_shot);
    outputs.add("map_zero_shot", resize_maps(grids.zero_shot, size));
    if (!grids.few_shot.defined()) { return; }
    const auto sum = grids.zero_shot + grids.few_shot;
    const auto few_shot_score = (score + grids.few_shot.flatten(1).amax(1)) / 2;
    outputs.add("few_shot_grid", grids.few_shot);
    outputs.add("anomalib.few_shot_grid", grids.few_shot);
    outputs.add("map_few_shot", resize_maps(sum, size));
    outputs.add("anomalib.map_grid", sum / 2);
    outputs.add("image_score_few_shot", few_shot_score);
    outputs.add("anomalib.image_score", few_shot_score);
}

}  // namespace

NamedTensors run_winclip(const Inputs& inputs) {
    const auto grid = inputs.grid();
    const auto scales = inputs.parameters.at("scales").get<std::vector<int>>();
    const auto temperature = inputs.parameters.at("temperature").get<double>();
    const bool has_references = inputs.has("reference_patches");
    const auto text =
        at::stack({inputs.get("text_normal").mean(0), inputs.get("text_anomalous").mean(0)});
    const auto score = anomaly_probability(inputs.get("image_embedding"), text, temperature);
    Outputs outputs;
    outputs.add("text", text);
    auto inverses = score.reciprocal().view({-1, 1, 1});
    at::Tensor distances;
    if (has_references) {
        const auto patches = association(inputs.get("patches"), inputs.get("reference_patches"));
        outputs.add("patch_distance", patches);
        distances = patches.view({-1, grid.rows, grid.cols});
    }
    for (const int scale : scales) {
        const auto places = window_patches(grid, scale);
        const auto windows = inputs.get(concat("windows.", scale));
        const auto scores = anomaly_probability(windows, text, temperature);
        const auto harmonic = harmonic_map(scores, places, grid);
        outputs.add(concat("mask.", scale), places);
        outputs.add(concat("window_score.", scale), scores);
        outputs.add(concat("harmonic.", scale), harmonic);
        inverses = inverses + harmonic.reciprocal();
        if (!has_references) { continue; }
        const auto near = association(windows, inputs.get(concat("reference_windows.", scale)));
        const auto harmonic_near = harmonic_map(near, places, grid);
        outputs.add(concat("window_distance.", scale), near);
        outputs.add(concat("harmonic_distance.", scale), harmonic_near);
        distances = distances + harmonic_near;
    }
    const auto parts = static_cast<double>(scales.size() + 1);
    add_maps(outputs, {parts / inverses, has_references ? distances / parts : at::Tensor()}, score,
             inputs.size("map_size"));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
