#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/pipeline/point_pictures.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What a sweep leaves in its output folder, apart from its run state.

namespace patchead {

/// Reads the result of every point from the store, in plan order. A point without a whole result
/// is a missing row with its reason; a damaged one is quarantined in the store.
/// `failures`: of each evaluate unit why it has none; empty for those that are done.
[[nodiscard]] Results collect_results(const SweepPlan& plan, const Provenance& provenance,
                                      const Store& store, const std::vector<std::string>& failures);

/// Adds the points that a category is too small for, as missing rows with their reasons.
void add_impossible(const SweepPlan& plan, Results& results);

/// `results.csv`, `results.h5`, `tables/` (with those of prompts, if many were drawn) and, of
/// several detectors, `costs.csv`; also prints the summary tables.
void write_outputs(const std::filesystem::path& folder, const Results& results);

/// `prompts/<dataset>/<id>.jpg`: the prompts of the worst, the middle and the best draw of each row
/// of the tables of prompts. An image that cannot be read any more is told in the returned notes.
[[nodiscard]] std::vector<std::string> write_prompt_pictures(const std::filesystem::path& folder,
                                                             const SweepPlan& plan,
                                                             const Results& results);

/// The heat maps, maps and thumbnails of one evaluate unit.
void write_pictures(const std::filesystem::path& folder, const SweepPlan& plan,
                    const EvaluateUnit& unit, const PointPictures& pictures);

}  // namespace patchead
