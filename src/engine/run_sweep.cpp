#include "patchead/engine/run_sweep.hpp"

#include <utility>

#include "patchead/core/numeric_stack.hpp"
#include "patchead/engine/rank_resources.hpp"
#include "patchead/outputs/sweep_outputs.hpp"
#include "patchead/pipeline/facts_here.hpp"
#include "plan_run.hpp"
#include "same_stack.hpp"
#include "signals.hpp"
#include "work_report.hpp"

namespace patchead {
namespace {

/// Makes the artifact of a unit, or its pictures.
void make(Worker& worker, const SweepPlan& plan, const std::filesystem::path& output,
          const UnitRef& unit) {
    if (unit.kind == UnitKind::picture) {
        write_pictures(output, plan, plan.evaluates[unit.index], worker.pictures(unit.index));
    } else {
        worker.make(unit);
    }
}

/// What this rank computes with. A rank without a GPU in a sweep on GPUs goes on from what these
/// made, so that its numbers are of the same stack.
Facts facts_of_rank(const SweepInputs& inputs, const Communicator& world) {
    auto facts = facts_here(device_of(inputs.sources));
    const auto own = facts.find("gpu");
    const auto of_root = world.broadcast(own == facts.end() ? std::string() : own->second);
    if (!of_root.empty()) { facts.try_emplace("gpu", of_root); }
    return facts;
}

}  // namespace

Lane own_lane(const EngineSettings& settings, const Communicator& world) {
    return lane_of(world.local_rank(), world.local_size(), settings.core_ranks);
}

std::optional<FinishedRun> run_plan(const EngineSettings& settings, const SweepInputs& inputs,
                                    const SweepPlan& plan, const Communicator& world,
                                    Allowed allowed) {
    const Store store(settings.store);
    const auto facts = facts_of_rank(inputs, world);
    Provenance provenance = facts;
    provenance.insert(inputs.provenance.begin(), inputs.provenance.end());
    Worker worker(plan, store, inputs.sources, std::move(provenance),
                  worker_of_rank(settings.resources(), world, settings.core_ranks));
    const auto execute = [&](const UnitRef& unit) {
        const auto before = worker.count();
        make(worker, plan, settings.output, unit);
        return difference(before, worker.count());
    };
    if (!is_same_stack(settings, plan, store, world, numeric_stack(facts))) { return std::nullopt; }
    PlanRun run(settings, plan, store, world, {execute, [] { return stop_signal() != 0; }});
    worker.at_safe_points([&] { run.check(); });
    worker.at_remarks([&](const std::string& text) { run.remark(text); });
    return run.run(inputs.provenance, allowed);
}

}  // namespace patchead
