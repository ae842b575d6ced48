#include "store_state.hpp"

namespace patchead::inline engine_detail {

void choose_serving(const SweepPlan& plan, const StoreState& state, const Store& store) {
    for (std::size_t i = 0; i < plan.embeds.size(); ++i) {
        if (state.of(UnitKind::embed)[i]) { store.choose(plan.embeds[i].key, state.serving[i]); }
    }
}

bool has_lost_inputs(const SweepPlan& plan, const Store& store, const WorkGraph& graph) {
    std::array<std::vector<bool>, kUnitKinds.size()> to_do;
    for (const auto& kind : kUnitKinds) {
        to_do[place_of(kind.kind)].resize(count_of(plan, kind.kind));
    }
    for (const auto& unit : graph.units) { to_do[place_of(unit.kind)][unit.index] = true; }
    for (const auto& kind : kUnitKinds) {
        const auto& own = to_do[place_of(kind.kind)];
        for (std::size_t i = 0; is_stored(kind.kind) && i < own.size(); ++i) {
            if (!own[i] && !store.contains(*key_of(plan, {kind.kind, i}))) { return true; }
        }
    }
    return false;
}

}  // namespace patchead::inline engine_detail
