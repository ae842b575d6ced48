#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/pipeline/duplicates.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/report/plain_table.hpp"

/// \file
/// \brief What `patchead datasets duplicates` leaves in its output folder.

namespace patchead {

/// `duplicates.csv`: `dataset,category,one,other,splits,types,distance,ratio,same_file`, a pair a
/// line, nearest first within a category.
[[nodiscard]] std::string duplicates_csv(const SweepPlan& plan,
                                         const std::vector<CategoryDuplicates>& found);

/// What `--without` takes: an image of each pair that has both left. Of a pair across training and
/// test images the training image goes, so that all are still tested; else the later one.
[[nodiscard]] std::string duplicates_to_leave_out(const SweepPlan& plan,
                                                  const std::vector<CategoryDuplicates>& found);

/// For people, and for the report.
[[nodiscard]] PlainTable duplicates_table(const SweepPlan& plan,
                                          const std::vector<CategoryDuplicates>& found);

/// All three as files (the table as `tables/duplicates.*`), and
/// `pairs/<dataset>/<category>/<number>.png`. An image that cannot be read any more is told in the
/// returned notes.
[[nodiscard]] std::vector<std::string> write_duplicates(
    const std::filesystem::path& folder, const SweepPlan& plan,
    const std::vector<CategoryDuplicates>& found);

}  // namespace patchead
