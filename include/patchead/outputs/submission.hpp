#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "patchead/data/submission.hpp"
#include "patchead/report/threshold_rules.hpp"

/// \file
/// \brief A submission to the server of MVTec AD 2 from the recorded maps of a sweep.

namespace patchead {

/// What of a run is submitted, and how.
struct SubmissionRequest {
    std::filesystem::path run;  ///< The output folder of a sweep.
    std::string point{};        ///< Name of the point; empty: the only one.
    ThresholdRule rule{};       ///< Of the pixels of the validation images.
    int shrink = 4;             ///< Maps have the size of their image divided by this.
    bool is_whole = true;       ///< Refuse what the server would refuse for what it lacks.
};

/// The threshold of a category.
struct SubmittedThreshold {
    std::string category;
    double threshold = 0;  ///< Of scores.
    int exponent = 0;      ///< Maps in files are scores times 2 to this.
    std::size_t images = 0;
    std::size_t pixels = 0;  ///< Of these validation images, that it was made of.
};

/// What the run has of the private images at the point, sorted by category and split.
/// Throws DataError that says how to run the sweep if maps of private or validation images are
/// missing, if there are several points and none is named, or if the server would refuse it.
[[nodiscard]] std::vector<SubmittedSplit> splits_of_run(const SubmissionRequest& request);

/// Writes the maps and binary pictures of the run, `thresholds.csv` (rule, thresholds and what they
/// were made of) and, once `check_submission` finds no fault, `submission.tar.gz` into `folder`,
/// in which there must be no submission yet. Returns the thresholds.
[[nodiscard]] std::vector<SubmittedThreshold> write_submission(const std::filesystem::path& folder,
                                                               const SubmissionRequest& request);

/// Throws DataError with the first of `faults`, if there are any.
void require_no_faults(const std::string& what, const std::vector<std::string>& faults);

}  // namespace patchead
