#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Whether the results of a sweep may take the place of those that its output folder holds.

namespace patchead {

/// What is different about the results that are to be replaced.
struct Replacement {
    std::vector<std::string> losses;   ///< Asked for otherwise, or not any more.
    std::vector<std::string> changes;  ///< The same was asked of other data.
};

/// Decides about `before`, of which `plan` and `provenance` are to take the place. The same sweep
/// again, or one of more points, differs in nothing. Where points come from other artifacts, an
/// option of the method, weights or prompts that are others are a loss, and so is a point that is
/// no more; images that are others are a change.
[[nodiscard]] Replacement replacement_of(const Results& before, const Provenance& provenance,
                                         const SweepPlan& plan);

/// Throws ConfigError that names `folder`, all that is different and what to do if results there
/// would be lost. Returns notes on changes, and on a results file that is damaged. Throws
/// UnreadableError if there is one that cannot be read.
[[nodiscard]] std::vector<std::string> require_no_loss(const std::filesystem::path& folder,
                                                       const Provenance& provenance,
                                                       const SweepPlan& plan);

}  // namespace patchead
