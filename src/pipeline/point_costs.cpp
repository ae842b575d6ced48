#include "patchead/pipeline/point_costs.hpp"

#include <algorithm>
#include <set>

#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"
#include "patchead/plan/estimate.hpp"
#include "patchead/plan/fusion.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/pass_tokens.hpp"
#include "patchead/plan/units.hpp"

namespace patchead {
namespace {

/// Sums over the tests of a point.
struct CostSum {
    double network = 0;
    double scoring = 0;
    double memory = 0;
};

double number(std::size_t count) { return static_cast<double>(count); }

double value_bytes(const SweepSpec& spec) {
    return spec.method.features.cache_type == CacheType::fp16 ? 2 : 4;
}

std::size_t sample_of(const SweepPlan& plan, const ImageRef& image) {
    return plan.embeds[image.embed].samples[image.row];
}

Version version_at(const SweepPlan& plan, const ImageRef& image) {
    const auto& copies = plan.embeds[image.embed].copies;
    return copies ? copies->versions[image.row] : Version::original;
}

std::size_t different_samples(const SweepPlan& plan, const std::vector<ImageRef>& images) {
    std::set<std::size_t> samples;
    for (const auto& image : images) { samples.insert(sample_of(plan, image)); }
    return samples.size();
}

/// Passes of the tests, and in few-shot of the copies of each prompt that are made for each of
/// them; in batches of two copies of each.
double network_flops(const SweepPlan& plan, const EvaluateUnit& unit) {
    std::vector<int> windows;
    if (unit.detector != kPatchEad) {
        const auto& detector = plan.spec.detectors[unit.detector];
        const auto& settings = detector.settings(unit.dataset, unit.category);
        windows = settings.needs(setting_of(unit.shots))->windows;
    }
    double flops = 0;
    for (const auto test : unit.tests) {
        const auto shape = shape_of(plan.spec, test, unit.backbone, unit.side_px);
        flops += forward_work(plan.spec, unit.backbone, shape, 1, windows).flops;
    }
    const double copies = unit.modules.align ? 2 * std::max(unit.shots, 1) : 0;
    return flops * (1 + copies);
}

/// Stored references of a match unit that count at a point.
std::size_t wanted_among(const SweepPlan& plan, const EvaluateUnit& unit, const MatchUnit& match) {
    if (unit.shots > 0) {
        const bool has_originals = !unit.modules.align || unit.align.originals;
        return has_originals ? prompts_among(plan, unit, match) : 0;
    }
    const auto counts = [&](const ImageRef& image) {
        return unit.align.rotations || version_at(plan, image) != Version::rotated;
    };
    return static_cast<std::size_t>(std::ranges::count_if(match.references, counts));
}

void add_matches(const SweepPlan& plan, const EvaluateUnit& unit, const MatchUnit& match,
                 CostSum& sum) {
    const auto& embed = plan.embeds[match.references.front().embed];
    const double product = product_flops(plan.spec, embed);
    const double queries = number(match.queries.size());
    if (match.warped) {  // Copies, made for one query and forgotten.
        sum.scoring += queries * (unit.align.rotations ? 2 : 1) * product;
        return;
    }
    const double wanted = number(wanted_among(plan, unit, match));
    const double members = number(different_samples(plan, match.references));
    const double others = unit.shots > 0 ? wanted : wanted * (members - 1) / members;
    // Of a batch a product serves both images.
    sum.scoring += queries * others * product / (match.within_batch ? 2 : 1);
    sum.memory += number(different_samples(plan, match.queries)) * others *
                  number(static_cast<std::size_t>(embed.frame.size())) *
                  plan.spec.backbones[embed.backbone].dim * value_bytes(plan.spec);
}

/// What a query meets but for the model.
ScoringWork work_of_queries(const SweepPlan& plan, const DetectUnit& unit,
                            const PlannedNeeds& needs) {
    const auto& embed = plan.embeds[unit.queries.front().embed];
    const auto& backbone = plan.spec.backbones[embed.backbone];
    ScoringWork work;
    for (const auto& wanted : tokens_for(plan.spec, embed.backbone, needs).layers) {
        const int layer = wanted.number;
        const auto grid = layer_grid(backbone.layer_shapes, layer, embed.frame, backbone.patch_px);
        work.layers.push_back(
            {grid, backbone.layer_shapes.empty()
                       ? backbone.width
                       : backbone.layer_shapes[static_cast<std::size_t>(layer - 1)].channels});
    }
    if (!unit.fit) { work.batch = unit.queries.size(); }
    return work;
}

double bytes_of(const ArrayShapes& model) {
    double values = 0;
    for (const auto& [name, shape] : model) {
        double product = 1;
        for (const auto side : shape) { product *= static_cast<double>(side); }
        values += product;
    }
    return values * sizeof(float);
}

void add_detections(const SweepPlan& plan, const EvaluateUnit& unit, const Store& store,
                    CostSum& sum) {
    const auto& planned = plan.spec.detectors[unit.detector];
    const auto& settings = planned.settings(unit.dataset, unit.category);
    const auto detector = make_detector(planned.method, settings.options);
    const auto& needs = *settings.needs(setting_of(unit.shots));
    ArrayShapes model;
    for (const auto i : unit.detects) {
        const auto& detect = plan.detects[i];
        auto work = work_of_queries(plan, detect, needs);
        double memory = work.others() * work.values() * value_bytes(plan.spec);
        if (detect.fit) {  // The same one for all blocks of tests.
            if (model.empty()) { model = store.read_model_shapes(plan.fits[*detect.fit].key); }
            work.model = model;
            memory = bytes_of(model);
        }
        sum.scoring += number(detect.owned) * detector->scoring_flops(work);
        sum.memory += number(detect.owned) * memory;
    }
}

void add_part(const SweepPlan& plan, const EvaluateUnit& part, const Store& store, CostSum& sum) {
    sum.network += network_flops(plan, part);
    for (const auto& group : part.matches) {
        for (const auto match : group) { add_matches(plan, part, plan.matches[match], sum); }
    }
    if (part.detector != kPatchEad) { add_detections(plan, part, store, sum); }
}

}  // namespace

PointCost cost_of(const SweepPlan& plan, const EvaluateUnit& unit, const Store& store) {
    CostSum sum;
    bool is_known = true;
    for (const auto* part : parts_of(plan, unit)) {
        try {
            add_part(plan, *part, store, sum);
        } catch (const Error&) { is_known = false; }  // There is no model any more.
    }
    const double tests = number(unit.tests.size());
    PointCost cost;
    cost.network_flop = sum.network / tests;
    if (is_known) {
        cost.scoring_flop = sum.scoring / tests;
        cost.memory_bytes = sum.memory / tests;
    }
    return cost;
}

}  // namespace patchead
