#include "patchead/engine/run_sweep.hpp"

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

}  // namespace

std::optional<FinishedRun> run_plan(const EngineSettings& settings, const SweepInputs& inputs,
                                    const SweepPlan& plan, const Communicator& world,
                                    Allowed allowed) {
    const Store store(settings.store);
    Worker worker(plan, store, inputs.sources, inputs.provenance,
                  worker_of_rank(settings.resources(), world));
    const auto execute = [&](const UnitRef& unit) {
        const auto before = worker.count();
        make(worker, plan, settings.output, unit);
        return difference(before, worker.count());
    };
    if (!is_same_stack(settings, plan, store, world, device_of(inputs.sources))) {
        return std::nullopt;
    }
    PlanRun run(settings, plan, store, world, {execute, [] { return stop_signal() != 0; }});
    worker.at_safe_points([&] { run.check(); });
    worker.at_remarks([&](const std::string& text) { run.remark(text); });
    return run.run(inputs.provenance, allowed);
}

}  // namespace patchead
