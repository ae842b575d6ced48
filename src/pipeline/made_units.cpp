#include "patchead/pipeline/made_units.hpp"

#include <algorithm>

namespace patchead {
namespace {

bool has_all_metrics(const Store& store, const ArtifactKey& key,
                     const std::vector<std::string>& wanted) {
    try {
        const auto names = store.read_metric_names(key);
        return std::ranges::all_of(
            wanted, [&](const auto& name) { return std::ranges::count(names, name) > 0; });
    } catch (const DamagedError&) { return true; } catch (const UnreadableError&) {
        return true;
    } catch (const CacheError&) { return false; }  // Removed by somebody meanwhile.
}

}  // namespace

bool is_made(const Store& store, const SweepPlan& plan, const UnitRef& unit) {
    const auto& key = *key_of(plan, unit);
    if (!store.contains(key)) { return false; }
    const bool is_result = unit.kind == UnitKind::evaluate && !plan.spec.metric_names.empty();
    return !is_result || has_all_metrics(store, key, plan.spec.metric_names);
}

StoreState state_of(const SweepPlan& plan, const Store* store) {
    StoreState state;
    for (const auto& kind : kUnitKinds) {
        if (!is_stored(kind.kind)) { continue; }
        for (std::size_t i = 0; i < count_of(plan, kind.kind); ++i) {
            state.of(kind.kind).push_back(store != nullptr &&
                                          is_made(*store, plan, {kind.kind, i}));
        }
    }
    for (const auto& unit : plan.embeds) {
        const auto found = store != nullptr ? store->find(unit.key) : std::nullopt;
        state.serving.push_back(found ? found->tokens() : unit.tokens);
    }
    return state;
}

}  // namespace patchead
