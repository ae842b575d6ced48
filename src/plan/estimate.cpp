#include "patchead/plan/estimate.hpp"

namespace patchead {
namespace {

double patches_of(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto side = static_cast<double>(unit.side_px / spec.backbones[unit.backbone].patch_px);
    return side * side;
}

WorkEstimate estimate_of(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto& backbone = spec.backbones[unit.backbone];
    const auto images = most_forwards(unit);
    const double value_bytes = spec.cache_type == CacheType::fp16 ? 2 : 4;
    const double bytes =
        patches_of(spec, unit) * (backbone.dim * value_bytes + (backbone.has_attention ? 4 : 0));
    return {1, 0, static_cast<double>(images) * forward_flops(backbone, unit.side_px), images,
            images * static_cast<std::uint64_t>(bytes)};
}

WorkEstimate estimate_of(const SweepSpec& spec, const SweepPlan& plan, const MatchUnit& unit) {
    const auto& embed = plan.embeds[unit.references.front().embed];
    const auto patches = patches_of(spec, embed);
    const auto pairs = static_cast<double>(unit.queries.size() * unit.references.size());
    const double products = pairs * product_flops(spec, embed);
    const auto images = most_forwards(unit);
    const double forwards =
        static_cast<double>(images) * forward_flops(spec.backbones[embed.backbone], embed.side_px);
    return {1, 0, forwards + (unit.within_batch ? products / 2 : products), images,
            static_cast<std::uint64_t>(pairs * patches * 4)};
}

}  // namespace

double product_flops(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto patches = patches_of(spec, unit);
    return 2 * patches * patches * spec.backbones[unit.backbone].dim;
}

void WorkEstimate::add(const WorkEstimate& other) {
    units += other.units;
    seconds += other.seconds;
    flops += other.flops;
    images += other.images;
    bytes += other.bytes;
}

WorkEstimate estimate(const SweepSpec& spec, const SweepPlan& plan, const UnitRef& unit) {
    switch (unit.kind) {
        case UnitKind::align:
            return {1, 0, 0, 0, 8192 + 100 * plan.aligns[unit.index].pairs.size()};
        case UnitKind::embed:
            return estimate_of(spec, plan.embeds[unit.index]);
        case UnitKind::match:
            return estimate_of(spec, plan, plan.matches[unit.index]);
        case UnitKind::evaluate:
            // Ids, labels and scores; a file is not smaller than its headers.
            return {1, 0, 0, 0, 8192 + 64 * plan.evaluates[unit.index].tests.size()};
        case UnitKind::picture:
            break;
    }
    return {1, 0, 0, 0, 0};
}

std::vector<Task> scaled_tasks(const WorkGraph& graph, const KindFactors& factors) {
    auto tasks = graph.tasks;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        tasks[i].cost *= factors[place_of(graph.units[i].kind)];
    }
    return tasks;
}

}  // namespace patchead
