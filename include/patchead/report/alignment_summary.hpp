#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Where alignment acted: numbers by category.

namespace patchead {

/// Alignments of one category in one setting.
struct AlignmentSummary {
    std::string dataset;
    std::string category;
    std::string setting;  ///< "few-shot" or "batch-zero-shot".
    std::size_t attempts = 0;
    std::size_t accepted = 0;
    std::map<std::string, std::size_t> methods;  ///< Accepted ones, by who proposed them.
    // Means over the accepted ones; 0 if there are none.
    double inliers = 0;        ///< Of those proposed from keypoints.
    double abs_angle_deg = 0;  ///< In [0, 180].
    double shift = 0;          ///< Of the image centre, in sides.
    double ncc_before = 0;     ///< Zero-mean normalised cross-correlation, see Alignment.
    double ncc_after = 0;
};

/// The summary of some alignments, its names left empty.
[[nodiscard]] AlignmentSummary summarise(std::span<const Alignment> alignments);

/// Full precision, one category and setting a line.
[[nodiscard]] std::string alignment_csv(std::span<const AlignmentSummary> summaries);
/// As a table for people.
[[nodiscard]] std::string alignment_markdown(std::span<const AlignmentSummary> summaries);

}  // namespace patchead
