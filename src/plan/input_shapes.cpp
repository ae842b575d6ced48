#include "patchead/plan/input_shapes.hpp"

#include <algorithm>

#include "patchead/plan/pass_tokens.hpp"

namespace patchead {

InputShape shape_of(const SweepSpec& spec, std::size_t sample, std::size_t backbone, int side_px) {
    return input_shape(spec.samples[sample].size, side_px, spec.backbones[backbone].patch_px,
                       spec.method.features);
}

std::vector<InputShape> shapes_of(const SweepPlan& plan, std::span<const ImageRef> images) {
    std::vector<InputShape> shapes;
    if (plan.spec.method.features.resize == Resize::squash) { return shapes; }
    for (const auto& image : images) {
        const auto& embed = plan.embeds[image.embed];
        shapes.push_back(
            shape_of(plan.spec, embed.samples[image.row], embed.backbone, embed.side_px));
    }
    return shapes;
}

std::vector<InputShape> shapes_of_scores(const SweepPlan& plan, const DetectUnit& unit) {
    auto shapes = shapes_of(plan, std::span(unit.queries).first(unit.owned));
    const auto& first = unit.queries.front();
    const auto& embed = plan.embeds[first.embed];
    const auto& layers = plan.spec.backbones[embed.backbone].layer_shapes;
    if (shapes.empty() || layers.empty()) { return shapes; }
    const auto& sample = plan.spec.samples[embed.samples[first.row]];
    const auto& needs = plan.spec.detectors[unit.detector]
                            .settings(sample.dataset, sample.category)
                            .needs(unit.fit ? Setting::few_shot : Setting::zero_shot);
    const int layer = tokens_for(plan.spec, embed.backbone, *needs).layers.front().number;
    const int stride = layers[static_cast<std::size_t>(layer - 1)].stride_px;
    for (auto& shape : shapes) {
        shape.grid = layer_grid(layers, layer, shape.grid, shape.patch_px);
        shape.patch_px = stride;
    }
    return shapes;
}

Grid frame_of(const SweepSpec& spec, std::size_t sample, std::size_t backbone, int side_px) {
    auto frame = shape_of(spec, sample, backbone, side_px).grid;
    if (spec.method.features.resize == Resize::squash) { return frame; }
    const auto& one = spec.samples[sample];
    for (std::size_t i = 0; i < spec.samples.size(); ++i) {
        const auto& other = spec.samples[i];
        if (other.size.area() == 0 || other.category != one.category ||
            other.dataset != one.dataset) {
            continue;
        }
        const auto grid = shape_of(spec, i, backbone, side_px).grid;
        frame = {std::max(frame.rows, grid.rows), std::max(frame.cols, grid.cols)};
    }
    return frame;
}

int pass_side(const FeatureOptions& options, int side_px) {
    return options.tiling == Tiling{} ? side_px : std::min(options.tiling.side_px, side_px);
}

MapSize picture_size(const SweepSpec& spec, const EvaluateUnit& unit, std::size_t sample) {
    const int side = unit.metrics.side_px == kNativeSide ? unit.side_px : unit.metrics.side_px;
    return resized_size(spec.samples[sample].size, side, spec.method.features.resize);
}

}  // namespace patchead
