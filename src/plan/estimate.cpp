#include "patchead/plan/estimate.hpp"

#include "unit_kinds.hpp"

namespace patchead {
namespace {

/// Of one artifact beside its data.
constexpr std::uint64_t kHeaderBytes = 8192;

double patches_of(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto side = static_cast<double>(unit.side_px / spec.backbones[unit.backbone].patch_px);
    return side * side;
}

}  // namespace

double forward_flops(const PlannedBackbone& backbone, int side_px) {
    const auto side = static_cast<double>(side_px / backbone.patch_px);
    const auto tokens = side * side + 1;
    const auto dense = 2 * static_cast<double>(backbone.parameters) * tokens;
    const auto attention = 4.0 * backbone.depth * tokens * tokens * backbone.dim;
    return dense + attention;
}

double product_flops(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto patches = patches_of(spec, unit);
    return 2 * patches * patches * spec.backbones[unit.backbone].dim;
}

inline namespace plan_detail {

WorkEstimate work_of(const SweepPlan&, const AlignUnit& unit) {
    return {1, 0, 0, 0, kHeaderBytes + 100 * unit.pairs.size(), unit.pairs.size()};
}

WorkEstimate work_of(const SweepPlan& plan, const EmbedUnit& unit) {
    const auto& backbone = plan.spec.backbones[unit.backbone];
    const auto images = most_forwards(unit);
    const double value_bytes = plan.spec.method.features.cache_type == CacheType::fp16 ? 2 : 4;
    const double bytes = patches_of(plan.spec, unit) *
                         (backbone.dim * value_bytes + (backbone.has_attention ? 4 : 0));
    return {1, 0, static_cast<double>(images) * forward_flops(backbone, unit.side_px), images,
            images * static_cast<std::uint64_t>(bytes)};
}

WorkEstimate work_of(const SweepPlan& plan, const MatchUnit& unit) {
    const auto& embed = plan.embeds[unit.references.front().embed];
    const auto patches = patches_of(plan.spec, embed);
    const auto pairs = static_cast<double>(unit.queries.size() * unit.references.size());
    const double products = pairs * product_flops(plan.spec, embed);
    const auto images = most_forwards(unit);
    const double forwards = static_cast<double>(images) *
                            forward_flops(plan.spec.backbones[embed.backbone], embed.side_px);
    return {1, 0, forwards + (unit.within_batch ? products / 2 : products), images,
            static_cast<std::uint64_t>(pairs * patches * 4)};
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
    images += other.images;
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
