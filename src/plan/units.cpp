#include "patchead/plan/units.hpp"

#include <algorithm>
#include <set>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

std::string place_text(const SweepSpec& spec, const EmbedUnit& unit) {
    const auto& sample = spec.samples[unit.samples.front()];
    return concat(sample.dataset, "/", sample.category, ", ", spec.backbones[unit.backbone].name,
                  " ", unit.side_px, " px");
}

std::string text_of(const SweepSpec& spec, const AlignUnit& unit) {
    const auto& target = spec.samples[unit.pairs.front().target];
    return concat(target.dataset, "/", target.category, ", ", unit.pairs.size(), " pairs");
}

std::string text_of(const SweepSpec& spec, const EmbedUnit& unit) {
    return concat(place_text(spec, unit), ", ", unit.samples.size(),
                  unit.copies ? " copies" : " images");
}

std::string text_of(const SweepSpec& spec, const SweepPlan& plan, const MatchUnit& unit) {
    return concat(place_text(spec, plan.embeds[unit.queries.front().embed]), ", ",
                  unit.queries.size(), " x ", unit.references.size(),
                  unit.warped ? " copies" : " images");
}

std::string text_of(const SweepSpec& spec, const EvaluateUnit& unit) {
    return concat(unit.dataset, "/", unit.category, ", ", spec.backbones[unit.backbone].name, " ",
                  unit.side_px, " px, ", unit.shots, " shots, seed ", unit.seed, ", ",
                  name_of(unit.modules));
}

}  // namespace

std::size_t place_of(UnitKind kind) {
    const auto* found = std::ranges::find(kUnitKinds, kind, &UnitKindInfo::kind);
    return static_cast<std::size_t>(found - kUnitKinds.begin());
}

std::size_t most_forwards(const SweepPlan& plan, const UnitRef& unit) {
    switch (unit.kind) {
        case UnitKind::embed:
            return most_forwards(plan.embeds[unit.index]);
        case UnitKind::match:
            return most_forwards(plan.matches[unit.index]);
        case UnitKind::align:
        case UnitKind::evaluate:
        case UnitKind::picture:
            break;
    }
    return 0;
}

std::size_t count_of(const SweepPlan& plan, UnitKind kind) {
    switch (kind) {
        case UnitKind::align:
            return plan.aligns.size();
        case UnitKind::embed:
            return plan.embeds.size();
        case UnitKind::match:
            return plan.matches.size();
        case UnitKind::evaluate:
        case UnitKind::picture:
            break;
    }
    return plan.evaluates.size();
}

const ArtifactKey* key_of(const SweepPlan& plan, const UnitRef& unit) {
    switch (unit.kind) {
        case UnitKind::align:
            return &plan.aligns[unit.index].key;
        case UnitKind::embed:
            return &plan.embeds[unit.index].key;
        case UnitKind::match:
            return &plan.matches[unit.index].key;
        case UnitKind::evaluate:
            return &plan.evaluates[unit.index].key;
        case UnitKind::picture:
            break;
    }
    return nullptr;
}

std::vector<bool>* flags_of(StoreState& state, UnitKind kind) {
    switch (kind) {
        case UnitKind::align:
            return &state.aligns;
        case UnitKind::embed:
            return &state.embeds;
        case UnitKind::match:
            return &state.matches;
        case UnitKind::evaluate:
            return &state.evaluates;
        case UnitKind::picture:
            break;
    }
    return nullptr;
}

std::vector<std::size_t> embeds_read_by(const SweepPlan& plan, const UnitRef& unit) {
    std::set<std::size_t> embeds;
    const auto add = [&](const std::vector<ImageRef>& images) {
        for (const auto& image : images) { embeds.insert(image.embed); }
    };
    switch (unit.kind) {
        case UnitKind::align:
            break;
        case UnitKind::embed:
            if (plan.embeds[unit.index].copies) {
                add(plan.embeds[unit.index].copies->originals);
            }
            break;
        case UnitKind::match:
            add(plan.matches[unit.index].queries);
            add(plan.matches[unit.index].references);
            break;
        case UnitKind::evaluate:
        case UnitKind::picture:
            if (const auto& masking = plan.evaluates[unit.index].scoring.masking;
                masking && masking->needs_attention()) {
                for (const auto& group : plan.evaluates[unit.index].matches) {
                    add(plan.matches[group.front()].queries);
                }
            }
            break;
    }
    return {embeds.begin(), embeds.end()};
}

std::string label_of(const SweepSpec& spec, const SweepPlan& plan, const UnitRef& unit) {
    const auto name = concat(kUnitKinds[place_of(unit.kind)].name, " ");
    switch (unit.kind) {
        case UnitKind::align:
            return name + text_of(spec, plan.aligns[unit.index]);
        case UnitKind::embed:
            return name + text_of(spec, plan.embeds[unit.index]);
        case UnitKind::match:
            return name + text_of(spec, plan, plan.matches[unit.index]);
        case UnitKind::evaluate:
        case UnitKind::picture:
            break;
    }
    return name + text_of(spec, plan.evaluates[unit.index]);
}

}  // namespace patchead
