#include "same_stack.hpp"

#include <map>
#include <set>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/numeric_stack.hpp"
#include "patchead/pipeline/facts_here.hpp"
#include "patchead/plan/units.hpp"
#include "patchead/ranks/on_root.hpp"

namespace patchead::inline engine_detail {
namespace {

/// Nothing if it is not there or cannot be read.
std::set<std::string> stacks_behind(const Store& store, const ArtifactKey& key) {
    if (!store.contains(key)) { return {}; }
    try {
        return stacks_of(store.read_provenance(key));
    } catch (const CacheError&) { return {}; } catch (const UnreadableError&) {
        return {};
    }
}

/// How many artifacts of the plan have stacks other than `own` behind them, by these.
std::map<std::set<std::string>, std::size_t> count_others(const SweepPlan& plan, const Store& store,
                                                          const std::string& own) {
    std::map<std::set<std::string>, std::size_t> others;
    for (const auto& kind : kUnitKinds) {
        const auto units = has_numeric_stack(kind.kind) ? count_of(plan, kind.kind) : 0;
        for (std::size_t i = 0; i < units; ++i) {
            auto stacks = stacks_behind(store, *key_of(plan, {kind.kind, i}));
            stacks.erase(own);
            if (!stacks.empty()) { ++others[std::move(stacks)]; }
        }
    }
    return others;
}

}  // namespace

void require_same_stack(const SweepPlan& plan, const Store& store,
                        const std::vector<std::string>& of_ranks) {
    const std::set<std::string> distinct(of_ranks.begin(), of_ranks.end());
    require<ConfigError>(distinct.size() == 1, "option --same-stack: the ranks have ",
                         counted(distinct.size(), "numeric stack"), " (", stacks_text(distinct),
                         "); start them on machines of one kind, or leave it out");
    std::string found;
    for (const auto& [stacks, count] : count_others(plan, store, of_ranks.front())) {
        found += concat(found.empty() ? "" : ", ", count, " with ", stacks_text(stacks));
    }
    require<ConfigError>(found.empty(), "option --same-stack: this is ", of_ranks.front(),
                         ", but the store '", store.root().string(),
                         "' holds artifacts of this sweep made otherwise (", found,
                         "); give another --store, where they are made anew, or leave it out");
}

bool is_same_stack(const EngineSettings& settings, const SweepPlan& plan, const Store& store,
                   const Communicator& world, const std::string& own) {
    if (!settings.same_stack) { return true; }
    const auto stacks = world.gather(own);
    return on_root(world, [&] { require_same_stack(plan, store, stacks); });
}

}  // namespace patchead::inline engine_detail
