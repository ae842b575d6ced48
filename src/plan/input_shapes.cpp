#include "patchead/plan/input_shapes.hpp"

#include <algorithm>

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
