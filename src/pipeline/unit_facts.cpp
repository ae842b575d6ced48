#include "unit_facts.hpp"

#include <utility>
#include <vector>

#include "patchead/core/numeric_stack.hpp"
#include "patchead/pipeline/facts_here.hpp"
#include "patchead/plan/fusion.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// The artifacts with numbers of a network that a unit reads.
std::vector<const ArtifactKey*> inputs_of(const SweepPlan& plan, const UnitRef& unit) {
    std::vector<const ArtifactKey*> keys;
    for (const auto embed : embeds_read_by(plan, unit)) { keys.push_back(&plan.embeds[embed].key); }
    if (unit.kind == UnitKind::detect) {
        const auto& fit = plan.detects[unit.index].fit;
        if (fit) { keys.push_back(&plan.fits[*fit].key); }
    }
    const bool is_left_out = unit.kind == UnitKind::leave_out;
    if (!is_left_out && unit.kind != UnitKind::evaluate) { return keys; }
    const auto& points = is_left_out ? plan.leave_outs : plan.evaluates;
    for (const auto* part : parts_of(plan, points[unit.index])) {
        for (const auto& group : part->matches) {
            for (const auto match : group) { keys.push_back(&plan.matches[match].key); }
        }
        for (const auto detect : part->detects) { keys.push_back(&plan.detects[detect].key); }
    }
    return keys;
}

}  // namespace

UnitFacts::UnitFacts(const SweepPlan& plan, const Store& store, Provenance common,
                     std::span<const BackboneSource> sources)
    : plan_(plan), store_(store), common_(std::move(common)) {
    for (const auto& [name, fact] : facts_here(device_of(sources))) { common_[name] = fact; }
    own_ = numeric_stack(common_);
}

const std::set<std::string>& UnitFacts::stacks_behind(const ArtifactKey& key) {
    const auto [found, is_new] = known_.try_emplace(key.digest());
    if (is_new) {
        try {
            found->second = stacks_of(
                read_or_quarantine(store_, key, [&] { return store_.read_provenance(key); }));
        } catch (...) {
            known_.erase(found);
            throw;
        }
    }
    return found->second;
}

Provenance UnitFacts::of(const UnitRef& unit) {
    auto facts = common_;
    if (!has_numeric_stack(unit.kind)) { return facts; }
    std::set<std::string> stacks{own_};
    for (const auto* key : inputs_of(plan_, unit)) {
        const auto& behind = stacks_behind(*key);
        stacks.insert(behind.begin(), behind.end());
    }
    record_stacks(stacks, facts);
    return facts;
}

}  // namespace patchead::inline pipeline_detail
