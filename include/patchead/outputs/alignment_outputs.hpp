#pragma once

#include <cstddef>
#include <filesystem>

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What a sweep says about its alignments.

namespace patchead {

/// `alignment.csv` and `alignment.md` in `folder`, and `pictures` pictures of each category and
/// setting in `folder`/alignment; also prints the table. Does nothing if the plan aligns nothing.
/// Alignments that are not in the store (their unit failed) are left out.
void report_alignment(const std::filesystem::path& folder, std::size_t pictures,
                      const SweepPlan& plan, const Store& store);

}  // namespace patchead
