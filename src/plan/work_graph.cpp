#include "patchead/plan/work_graph.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "patchead/plan/estimate.hpp"
#include "patchead/plan/fusion.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "unit_kinds.hpp"

namespace patchead {
namespace {

/// Rough costs.
constexpr double kNativePx = 1024;  ///< Side of images of industrial data sets.
constexpr double kSecondsPerPicture = 0.1;
constexpr double kSecondsPerReference = 0.01;  ///< Of a detector's model, or left out.
constexpr double kSecondsPerRecord = 0.005;    ///< Of the maps of an image.

double cost(const AlignUnit& unit, const CoreSpeed& speed) {
    return speed.estimate_seconds * static_cast<double>(unit.pairs.size());
}

/// Of images through the network of `unit`, with reading them.
double forward_cost(const SweepSpec& spec, const EmbedUnit& unit, const ForwardWork& work,
                    const CoreSpeed& speed) {
    const double reading = static_cast<double>(work.images) * speed.image_seconds;
    const int side = pass_side(spec.method.features, unit.side_px);
    const auto timed = speed.forward_seconds.find({unit.backbone, side});
    if (timed == speed.forward_seconds.end()) {
        return reading + work.flops / (1e9 * speed.forward_gflops);
    }
    const auto& backbone = spec.backbones[unit.backbone];
    const int patches = side / backbone.patch_px;
    return reading + timed->second * work.flops / forward_flops(backbone, {patches, patches});
}

double cost(const SweepSpec& spec, const EmbedUnit& unit, const CoreSpeed& speed) {
    return forward_cost(spec, unit, forward_work(spec, unit), speed);
}

double cost(const SweepPlan& plan, const MatchUnit& unit, const CoreSpeed& speed) {
    const auto& embed = plan.embeds[unit.references.front().embed];
    const auto pairs = static_cast<double>(unit.queries.size() * unit.references.size());
    const double products = pairs / (unit.within_batch ? 2 : 1);
    return products * product_flops(plan.spec, embed) / (1e9 * speed.match_gflops) +
           forward_cost(plan.spec, embed, forward_work(plan, unit), speed);
}

double cost(const SweepPlan& plan, const DetectUnit& unit, const CoreSpeed& speed) {
    return detect_flops(plan, unit) / (1e9 * speed.match_gflops);
}

double cost(const SweepSpec& spec, const EvaluateUnit& unit, const CoreSpeed& speed) {
    const auto of_input = picture_size(spec, unit, unit.tests.front()).area();
    const double pixels =
        unit.metrics.side_px == kNativeSide ? kNativePx * kNativePx : static_cast<double>(of_input);
    const auto maps = unit.tests.size() * (unit.fusion ? unit.fusion->parts.size() : 1);
    return static_cast<double>(maps) * pixels / speed.pixels_per_second;
}

double picture_cost(const EvaluateUnit& unit) {
    return kSecondsPerPicture * static_cast<double>(unit.pictures.size()) +
           kSecondsPerRecord * static_cast<double>(unit.recorded.size());
}

/// Adds tasks for wanted units, inputs first.
class GraphMaker {
  public:
    GraphMaker(const SweepPlan& plan, const StoreState& state, const CoreSpeed& speed)
        : plan_(plan),
          state_(state),
          speed_(speed),
          aligns_(plan.aligns.size(), kNone),
          embeds_(plan.embeds.size(), kNone),
          matches_(plan.matches.size(), kNone),
          fits_(plan.fits.size(), kNone),
          detects_(plan.detects.size(), kNone) {}

    WorkGraph run() {
        if (asks_for_tokens() || plan_.evaluates.empty()) {
            std::vector<std::size_t> needs;  // Of nobody: that they are stored is what is wanted.
            for (std::size_t i = 0; i < plan_.embeds.size(); ++i) { want_embed(i, needs); }
        }
        for (std::size_t i = 0; i < plan_.leave_outs.size(); ++i) {
            if (state_.of(UnitKind::leave_out)[i]) { continue; }
            const auto& unit = plan_.leave_outs[i];
            add({UnitKind::leave_out, i},
                kSecondsPerReference * static_cast<double>(unit.tests.size()), inputs(unit));
        }
        for (std::size_t i = 0; i < plan_.evaluates.size(); ++i) {
            const auto& unit = plan_.evaluates[i];
            if (!state_.of(UnitKind::evaluate)[i]) {
                add({UnitKind::evaluate, i}, cost(plan_.spec, unit, speed_) + mask_cost(unit),
                    inputs(unit));
            }
            if (!unit.pictures.empty() || !unit.recorded.empty()) {
                add({UnitKind::picture, i}, picture_cost(unit), picture_inputs(unit));
            }
        }
        return std::move(graph_);
    }

  private:
    /// The options do, so that tokens are wanted even if no number needs them.
    [[nodiscard]] bool asks_for_tokens() const {
        const auto& options = plan_.spec.method.tokens;
        return options.image || !options.layers.empty();
    }

    static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

    std::size_t add(UnitRef unit, double seconds, std::vector<std::size_t> needs,
                    std::size_t group = Task::kNoGroup) {
        graph_.units.push_back(unit);
        graph_.tasks.push_back({seconds, std::move(needs), static_cast<std::size_t>(unit.kind),
                                group, needs_device(plan_, unit)});
        return graph_.tasks.size() - 1;
    }

    /// The number of the tasks of a kind that read these images.
    std::size_t group_of(UnitKind kind, std::vector<std::size_t> images) {
        return groups_.try_emplace({kind, std::move(images)}, groups_.size()).first->second;
    }

    /// Of reading the masks, which a rank does once for the points of a category and size.
    double mask_cost(const EvaluateUnit& unit) {
        const std::tuple name(unit.dataset, unit.category, unit.metrics.side_px);
        if (!with_masks_.insert(name).second) { return 0; }
        const auto masks = std::ranges::count_if(
            unit.tests, [&](std::size_t i) { return plan_.spec.samples[i].anomalous; });
        return speed_.image_seconds / 2 * static_cast<double>(masks);
    }

    std::vector<std::size_t> inputs(const EvaluateUnit& unit) {
        std::vector<std::size_t> needs;
        for (const auto* part : parts_of(plan_, unit)) { want_inputs(*part, needs); }
        return needs;
    }

    /// Where maps are recorded, those of images beside the tests are, too.
    std::vector<std::size_t> picture_inputs(const EvaluateUnit& unit) {
        auto needs = inputs(unit);
        if (unit.recorded.empty()) { return needs; }
        for (const auto i : unit.unmeasured) { want_inputs(plan_.leave_outs[i], needs); }
        return needs;
    }

    void want_inputs(const EvaluateUnit& unit, std::vector<std::size_t>& needs) {
        for (const auto& group : unit.matches) {
            for (const auto match : group) { want_match(match, needs); }
            if (unit.scoring.masking && unit.scoring.masking->needs_attention()) {
                for (const auto& image : plan_.matches[group.front()].queries) {
                    want_embed(image.embed, needs);
                }
            }
        }
        for (const auto& transform : unit.transforms) { want_align(transform.align, needs); }
        for (const auto detect : unit.detects) { want_detect(detect, needs); }
    }

    void want_detect(std::size_t detect, std::vector<std::size_t>& needs) {
        if (state_.of(UnitKind::detect)[detect]) { return; }
        if (detects_[detect] == kNone) {
            const auto& unit = plan_.detects[detect];
            std::vector<std::size_t> own;
            if (unit.fit) { want_fit(*unit.fit, own); }
            for (const auto& image : unit.queries) { want_embed(image.embed, own); }
            detects_[detect] =
                add({UnitKind::detect, detect}, cost(plan_, unit, speed_), std::move(own));
        }
        push_once(needs, detects_[detect]);
    }

    void want_fit(std::size_t fit, std::vector<std::size_t>& needs) {
        if (state_.of(UnitKind::fit)[fit]) { return; }
        if (fits_[fit] == kNone) {
            const auto& unit = plan_.fits[fit];
            std::vector<std::size_t> own;
            for (const auto& image : unit.references) { want_embed(image.embed, own); }
            fits_[fit] = add({UnitKind::fit, fit},
                             kSecondsPerReference * static_cast<double>(unit.references.size()),
                             std::move(own));
        }
        push_once(needs, fits_[fit]);
    }

    void want_match(std::size_t match, std::vector<std::size_t>& needs) {
        if (state_.of(UnitKind::match)[match]) { return; }
        if (matches_[match] == kNone) {
            const auto& unit = plan_.matches[match];
            std::vector<std::size_t> own;
            for (const auto& image : unit.references) { want_embed(image.embed, own); }
            for (const auto& image : unit.queries) { want_embed(image.embed, own); }
            if (unit.warped) {
                for (const auto& transform : unit.warped->transforms) {
                    want_align(transform.align, own);
                }
            }
            matches_[match] =
                add({UnitKind::match, match}, cost(plan_, unit, speed_), std::move(own));
        }
        push_once(needs, matches_[match]);
    }

    void want_embed(std::size_t embed, std::vector<std::size_t>& needs) {
        if (state_.of(UnitKind::embed)[embed]) { return; }
        if (embeds_[embed] == kNone) {
            const auto& unit = plan_.embeds[embed];
            std::vector<std::size_t> own;
            if (unit.copies) {
                for (const auto& image : unit.copies->originals) { want_embed(image.embed, own); }
                for (const auto& transform : unit.copies->transforms) {
                    want_align(transform.align, own);
                }
            }
            const auto group =
                unit.copies ? Task::kNoGroup : group_of(UnitKind::embed, unit.samples);
            embeds_[embed] = add({UnitKind::embed, embed}, cost(plan_.spec, unit, speed_),
                                 std::move(own), group);
        }
        push_once(needs, embeds_[embed]);
    }

    void want_align(std::size_t align, std::vector<std::size_t>& needs) {
        if (state_.of(UnitKind::align)[align]) { return; }
        if (aligns_[align] == kNone) {
            const auto& unit = plan_.aligns[align];
            aligns_[align] = add({UnitKind::align, align}, cost(unit, speed_), {},
                                 group_of(UnitKind::align, targets_of(unit)));
        }
        push_once(needs, aligns_[align]);
    }

    /// Those that the prompts of a category have in common.
    static std::vector<std::size_t> targets_of(const AlignUnit& unit) {
        std::vector<std::size_t> targets;
        for (const auto& pair : unit.pairs) { targets.push_back(pair.target); }
        return targets;
    }

    static void push_once(std::vector<std::size_t>& needs, std::size_t task) {
        for (const auto known : needs) {
            if (known == task) { return; }
        }
        needs.push_back(task);
    }

    const SweepPlan& plan_;
    const StoreState& state_;
    CoreSpeed speed_;
    std::vector<std::size_t> aligns_;
    std::vector<std::size_t> embeds_;
    std::vector<std::size_t> matches_;
    std::vector<std::size_t> fits_;
    std::vector<std::size_t> detects_;
    std::set<std::tuple<std::string, std::string, int>> with_masks_;
    std::map<std::pair<UnitKind, std::vector<std::size_t>>, std::size_t> groups_;
    WorkGraph graph_;
};

}  // namespace

WorkGraph make_graph(const SweepPlan& plan, const StoreState& state, const CoreSpeed& speed) {
    return GraphMaker(plan, state, speed).run();
}

}  // namespace patchead
