#pragma once

#include <filesystem>

#include "patchead/cache/store.hpp"
#include "patchead/dist/run_tasks.hpp"
#include "patchead/report/results.hpp"
#include "sweep_inputs.hpp"

/// \file
/// \brief What a sweep leaves in its output folder, apart from its run state.

namespace patchead {

/// Reads the result of every point from the store, in plan order. A point without a whole result
/// is a missing row with its reason; a damaged one is set aside in the store.
[[nodiscard]] Results collect_results(const SweepInputs& inputs, const SweepPlan& plan,
                                      const Store& store, const WorkGraph& graph,
                                      const std::vector<TaskOutcome>& outcomes);

/// `results.csv`, `results.h5` and `tables/`; also prints the summary tables.
void write_outputs(const std::filesystem::path& folder, const Results& results);

/// What is asked for in a row of the results.
[[nodiscard]] ResultRow describe(const SweepSpec& spec, const EvaluateUnit& unit);

/// The heat maps of one evaluate unit, into `folder/heatmaps`.
void write_heatmaps(const std::filesystem::path& folder, const SweepSpec& spec,
                    const EvaluateUnit& unit, const std::vector<AnomalyPicture>& pictures);

/// "patchead_tiny_224px_4-shot_mask": a point as the name of a file or folder.
[[nodiscard]] std::string point_name(const SweepSpec& spec, const EvaluateUnit& unit);

}  // namespace patchead
