#pragma once

#include <vector>

#include "patchead/plan/estimate.hpp"

/// \file
/// \brief The work of a sweep on GPUs as work of two resources: cores and GPUs.

namespace patchead {

/// What a task takes of each: one core reads images, aligns, measures, draws and writes, while one
/// GPU runs networks and matches.
struct ResourceSeconds {
    double core = 0;
    double gpu = 0;
};

/// Share of their time in which cores and GPUs are taken to be busy; assumed.
inline constexpr double kBusyShare = 0.9;

/// Of every task of `make_graph(plan, state, speed)`, with `speed` of one core but for networks and
/// matching, which are those of a GPU. `factors` apply to what only cores do (alignments, results,
/// pictures). Writing of features and matches is taken to run at 0.5 GB/s a core; assumed.
[[nodiscard]] std::vector<ResourceSeconds> split_by_resource(const SweepPlan& plan,
                                                             const StoreState& state,
                                                             const CoreSpeed& speed,
                                                             const KindFactors& factors);

/// Tasks as a rank of `cores` does them, with a GPU or, where they need none, without: one resource
/// after the other.
[[nodiscard]] std::vector<Task> tasks_of_rank(const WorkGraph& graph,
                                              const std::vector<ResourceSeconds>& work, int cores);

/// The same work on a number of GPUs and cores.
struct ResourceRun {
    int gpus = 1;
    int cores = 1;
    double core_seconds = 0;  ///< In which the cores do their work, if they never wait.
    double gpu_seconds = 0;

    /// No schedule is faster.
    [[nodiscard]] double at_least() const {
        return core_seconds > gpu_seconds ? core_seconds : gpu_seconds;
    }
    [[nodiscard]] double one_after_other() const { return core_seconds + gpu_seconds; }
    [[nodiscard]] bool cores_limit() const { return core_seconds > gpu_seconds; }
};

[[nodiscard]] ResourceRun run_on(const std::vector<ResourceSeconds>& work, int gpus, int cores);

}  // namespace patchead
