#include "patchead/plan/estimate.hpp"

#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/pass_tokens.hpp"
#include "unit_kinds.hpp"

namespace patchead {
namespace {

/// Of one artifact beside its data.
constexpr std::uint64_t kHeaderBytes = 8192;

/// Of the tokens of layers of one image: patches in `value_bytes` a value, class tokens in fp32.
double layer_bytes(const PlannedBackbone& backbone, Grid frame, std::span<const TokenLayer> layers,
                   double value_bytes) {
    if (backbone.layer_shapes.empty()) {
        return static_cast<double>(layers.size()) *
               (static_cast<double>(frame.size()) * backbone.width * value_bytes +
                4 * backbone.width);
    }
    double bytes = 0;
    for (const auto& layer : layers) {
        const auto grid = layer_grid(backbone.layer_shapes, layer.number, frame, backbone.patch_px);
        bytes += static_cast<double>(grid.size()) * value_bytes *
                 backbone.layer_shapes[static_cast<std::size_t>(layer.number - 1)].channels;
    }
    return bytes;
}

/// A product with each weight for each token, and attention among those of a sequence.
double sequence_flops(const PlannedBackbone& backbone, double tokens) {
    const auto dense = 2 * static_cast<double>(backbone.parameters) * tokens;
    const auto attention = 4.0 * backbone.depth * tokens * tokens * backbone.dim;
    return dense + attention;
}

double window_flops(const PlannedBackbone& backbone, Grid patches, std::span<const int> sides) {
    double flops = 0;
    for (const int side : sides) {
        flops += window_grid(patches, side).size() * sequence_flops(backbone, side * side + 1);
    }
    return flops;
}

/// Embeddings of windows of one image.
double window_bytes(const PlannedBackbone& backbone, Grid frame, std::span<const int> sides,
                    double value_bytes) {
    double bytes = 0;
    for (const int side : sides) {
        bytes += value_bytes * window_grid(frame, side).size() * backbone.width;
    }
    return bytes;
}

}  // namespace

double forward_flops(const PlannedBackbone& backbone, Grid patches) {
    return sequence_flops(backbone, static_cast<double>(patches.size()) + 1);
}

std::size_t window_passes(Grid patches, std::span<const int> sides) {
    std::size_t tokens = 0;
    for (const int side : sides) {
        tokens += static_cast<std::size_t>(window_grid(patches, side).size()) *
                  static_cast<std::size_t>(side * side + 1);
    }
    const auto of_image = static_cast<std::size_t>(patches.size()) + 1;
    return (tokens + of_image - 1) / of_image;
}

ForwardWork forward_work(const SweepSpec& spec, std::size_t backbone, const InputShape& shape,
                         std::size_t images, std::span<const int> windows) {
    const auto tiles = tiles_of(shape.grid, shape.patch_px, spec.method.features.tiling);
    const auto passes = images * static_cast<std::size_t>(tiles.count());
    const auto& network = spec.backbones[backbone];
    return {images, passes + images * window_passes(shape.grid, windows),
            static_cast<double>(passes) * forward_flops(network, tiles.tile()) +
                static_cast<double>(images) * window_flops(network, shape.grid, windows)};
}

ForwardWork forward_work(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto of = [&](std::size_t sample, std::size_t images) {
        return forward_work(spec, unit.backbone,
                            shape_of(spec, sample, unit.backbone, unit.side_px), images,
                            unit.tokens.windows);
    };
    if (spec.method.features.resize == Resize::squash) {
        return of(unit.samples.front(), unit.samples.size());
    }
    ForwardWork all;
    for (const auto sample : unit.samples) {
        const auto one = of(sample, 1);
        all = {all.images + 1, all.passes + one.passes, all.flops + one.flops};
    }
    return all;
}

double product_flops(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto patches = static_cast<double>(unit.frame.size());
    return 2 * patches * patches * spec.backbones[unit.backbone].dim;
}

inline namespace plan_detail {

WorkEstimate work_of(const SweepPlan&, const AlignUnit& unit) {
    return {1, 0, 0, 0, kHeaderBytes + 100 * unit.pairs.size(), unit.pairs.size()};
}

ForwardWork forward_work(const SweepPlan& plan, const MatchUnit& unit) {
    if (!unit.warped) { return {}; }
    const auto& embed = plan.embeds[unit.references.front().embed];
    return forward_work(plan.spec, embed.backbone,
                        shape_of(plan.spec, unit.warped->sample, embed.backbone, embed.side_px),
                        2 * unit.queries.size());  // An aligned and a rotated copy for each.
}

WorkEstimate work_of(const SweepPlan& plan, const EmbedUnit& unit) {
    const auto& backbone = plan.spec.backbones[unit.backbone];
    const auto& options = plan.spec.method.features;
    const auto work = forward_work(plan.spec, unit);
    const double value_bytes = options.cache_type == CacheType::fp16 ? 2 : 4;
    const bool has_attention = backbone.has_attention && options.tiling == Tiling{};
    const auto tokens = stored_tokens(plan.spec, unit);
    const double bytes = static_cast<double>(unit.frame.size()) *
                             (backbone.dim * value_bytes + (has_attention ? 4 : 0)) +
                         layer_bytes(backbone, unit.frame, tokens.layers, value_bytes) +
                         window_bytes(backbone, unit.frame, tokens.windows, value_bytes) +
                         (tokens.image ? 4 * backbone.width : 0);
    return {1, 0, work.flops, work.passes, work.images * static_cast<std::uint64_t>(bytes)};
}

double detect_flops(const SweepPlan& plan, const DetectUnit& unit) {
    const auto references =
        unit.fit ? plan.fits[*unit.fit].references.size() : unit.queries.size() - 1;
    return static_cast<double>(unit.queries.size() * references) *
           product_flops(plan.spec, plan.embeds[unit.queries.front().embed]);
}

WorkEstimate work_of(const SweepPlan& plan, const MatchUnit& unit) {
    const auto& embed = plan.embeds[unit.references.front().embed];
    const auto patches = static_cast<double>(embed.frame.size());
    const auto pairs = static_cast<double>(unit.queries.size() * unit.references.size());
    const double products = pairs * product_flops(plan.spec, embed);
    const auto work = forward_work(plan, unit);
    return {1, 0, work.flops + (unit.within_batch ? products / 2 : products), work.passes,
            static_cast<std::uint64_t>(pairs * patches * 4)};
}

/// As if the model were a memory of all patches of one layer, and each query matched with it.
WorkEstimate work_of(const SweepPlan& plan, const FitUnit& unit) {
    const auto& embed = plan.embeds[unit.references.front().embed];
    const auto values = unit.references.size() * static_cast<std::uint64_t>(embed.frame.size()) *
                        static_cast<std::uint64_t>(plan.spec.backbones[embed.backbone].dim);
    return {1, 0, 0, 0, kHeaderBytes + 4 * values};
}

WorkEstimate work_of(const SweepPlan& plan, const DetectUnit& unit) {
    const auto& embed = plan.embeds[unit.queries.front().embed];
    const auto scores = unit.owned * static_cast<std::uint64_t>(embed.frame.size());
    return {1, 0, detect_flops(plan, unit), 0, kHeaderBytes + 4 * scores};
}

/// Ids, labels and scores.
WorkEstimate work_of(const SweepPlan&, const EvaluateUnit& unit) {
    return {1, 0, 0, 0, kHeaderBytes + 64 * unit.tests.size()};
}

}  // namespace plan_detail

void WorkEstimate::add(const WorkEstimate& other) {
    units += other.units;
    seconds += other.seconds;
    flops += other.flops;
    forwards += other.forwards;
    bytes += other.bytes;
    pairs += other.pairs;
}

WorkEstimate estimate(const SweepPlan& plan, const UnitRef& unit) {
    return row_of(unit.kind).work(plan, unit.index);
}

std::vector<Task> scaled_tasks(const WorkGraph& graph, const KindFactors& factors) {
    auto tasks = graph.tasks;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        tasks[i].cost *= factors[place_of(graph.units[i].kind)];
    }
    return tasks;
}

}  // namespace patchead
