#include "patchead/plan/resource_plan.hpp"

#include <algorithm>
#include <limits>

namespace patchead {
namespace {

constexpr double kBytesPerSecond = 0.5e9;  // docs/performance.md: 0.24-1.2 GB/s with fsync.

/// Detectors run on cores.
bool is_shared(UnitKind kind) { return kind == UnitKind::embed || kind == UnitKind::match; }

}  // namespace

std::vector<ResourceSeconds> split_by_resource(const SweepPlan& plan, const StoreState& state,
                                               const CoreSpeed& speed, const KindFactors& factors) {
    auto without_gpu_work = speed;
    without_gpu_work.forward_seconds.clear();
    without_gpu_work.forward_gflops = std::numeric_limits<double>::infinity();
    without_gpu_work.match_gflops = std::numeric_limits<double>::infinity();
    const auto all = make_graph(plan, state, speed);
    const auto of_cores = make_graph(plan, state, without_gpu_work);
    std::vector<ResourceSeconds> work(all.tasks.size());
    for (std::size_t i = 0; i < work.size(); ++i) {
        const auto& unit = all.units[i];
        auto& seconds = work[i];
        seconds.core = of_cores.tasks[i].cost;
        if (is_shared(unit.kind)) {
            seconds.gpu = std::max(0.0, all.tasks[i].cost - seconds.core);
            seconds.core += static_cast<double>(estimate(plan, unit).bytes) / kBytesPerSecond;
        } else {
            seconds.core *= factors[place_of(unit.kind)];
        }
    }
    return work;
}

std::vector<Task> tasks_of_rank(const WorkGraph& graph, const std::vector<ResourceSeconds>& work,
                                int cores) {
    auto tasks = graph.tasks;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        tasks[i].cost = (work[i].core / cores + work[i].gpu) / kBusyShare;
    }
    return tasks;
}

ResourceRun run_on(const std::vector<ResourceSeconds>& work, int gpus, int cores) {
    ResourceRun run;
    run.gpus = gpus;
    run.cores = cores;
    for (const auto& task : work) {
        run.core_seconds += task.core / run.cores / kBusyShare;
        run.gpu_seconds += task.gpu / gpus / kBusyShare;
    }
    return run;
}

}  // namespace patchead
