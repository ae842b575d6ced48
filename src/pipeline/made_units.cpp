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

}  // namespace patchead
