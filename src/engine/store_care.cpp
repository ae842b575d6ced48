#include "store_care.hpp"

#include <iostream>
#include <set>

#include "patchead/cache/claims.hpp"
#include "patchead/cache/maintenance.hpp"
#include "patchead/core/codec.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/plan/units.hpp"
#include "patchead/ranks/on_root.hpp"

namespace patchead::inline engine_detail {
namespace {

/// Artifacts that one task checks.
constexpr std::size_t kChunk = 16;

using Lines = std::vector<std::string>;

/// Where the artifacts of the plan lie, or would.
Lines paths_of(const SweepPlan& plan, const Store& store) {
    std::set<std::string> paths;
    for (const auto& kind : kUnitKinds) {
        for (std::size_t i = 0; is_stored(kind.kind) && i < count_of(plan, kind.kind); ++i) {
            paths.insert(store.found_path(*key_of(plan, {kind.kind, i})).string());
        }
    }
    return {paths.begin(), paths.end()};
}

Lines check_chunk(const Lines& paths, std::size_t chunk) {
    Lines found;
    const auto end = std::min(paths.size(), (chunk + 1) * kChunk);
    for (auto i = chunk * kChunk; i < end; ++i) {
        try {
            auto text = quarantine_if_damaged(paths[i]);
            if (!text.empty()) { found.push_back(std::move(text)); }
        } catch (const Error& error) { found.emplace_back(error.what()); }
    }
    return found;
}

}  // namespace

void tidy(const EngineSettings& settings, const SweepPlan& plan, const Store& store) {
    const auto in_store = remove_leftovers(settings.store, kLongSilent);
    const auto in_output = remove_leftovers(settings.output, kLongSilent);
    const auto claims = remove_dead_claims(settings.store);
    if (const auto files = in_store.removed + in_output.removed; files + claims > 0) {
        std::cerr << "note: removed " << files << " temporary files and " << claims
                  << " claims of runs that are dead\n";
    }
    for (const auto& unit : plan.embeds) { mark_used(store.found_path(unit.key)); }
}

std::vector<std::string> verify_artifacts(const Communicator& world, const SweepPlan& plan,
                                          const Store& store, const std::function<bool()>& stop) {
    // Which artifact serves may look otherwise to each rank.
    const auto paths = on_root(world, [&] { return paths_of(plan, store); }).value_or(Lines());
    TaskCalls calls;
    calls.execute = [&](std::size_t chunk) {
        return Codec<Lines>::encode(check_chunk(paths, chunk));
    };
    calls.stop = stop;
    Lines found;
    const std::vector<Task> tasks((paths.size() + kChunk - 1) / kChunk);
    for (const auto& outcome : run_tasks(world, tasks, calls)) {
        if (outcome.state == TaskState::failed) { found.push_back(outcome.reason); }
        if (outcome.state != TaskState::done) { continue; }
        for (auto& line : Codec<Lines>::decode(outcome.report)) {
            found.push_back(std::move(line));
        }
    }
    return found;
}

}  // namespace patchead::inline engine_detail
