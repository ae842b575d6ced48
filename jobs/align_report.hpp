#pragma once

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "sweep_options.hpp"

/// \file
/// \brief What a sweep says about its alignments.

namespace patchead {

/// `alignment.csv` and `alignment.md` in the output folder, and `--align-pictures` pictures of each
/// category and setting in `alignment/`; also prints the table. Does nothing if the plan aligns
/// nothing. Alignments that are not in the store (their unit failed) are left out.
void report_alignment(const SweepOptions& options, const SweepSpec& spec, const SweepPlan& plan,
                      const Store& store);

}  // namespace patchead
