#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What happens to results that an output folder holds when those of another sweep take
/// their place.

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

/// Keeps the results file of `folder` as `results.before-<N>.h5` if something of it would be lost;
/// tables follow from it. One that is kept already is not kept again. Returns notes: what is
/// different and where it is kept, what changes, or that the file is damaged. Throws
/// UnreadableError if there is one that cannot be read, CacheError if it cannot be kept.
[[nodiscard]] std::vector<std::string> keep_results(const std::filesystem::path& folder,
                                                    const Provenance& provenance,
                                                    const SweepPlan& plan);

/// The same for results that are no sweep's: what is there is kept unless `now` has all its points
/// with the same values. Throws as `keep_results`.
[[nodiscard]] std::vector<std::string> keep_other_results(const std::filesystem::path& folder,
                                                          const Results& now);

}  // namespace patchead
