#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "patchead/metrics/metrics.hpp"

/// \file
/// \brief The images of a category that count for one type of defect.

namespace patchead::inline metrics_detail {

/// The normal images and the anomalous ones of one type.
struct TypePart {
    std::vector<std::size_t> images;  ///< Their places in the category.
    PatchScores scores;               ///< Ids and image scores only.
    std::vector<std::uint8_t> anomalous;
    GroundTruth truth;
    MetricRequest request;
};

/// `request.types` must not be empty.
[[nodiscard]] TypePart part_of_type(const std::string& type, const PatchScores& scores,
                                    std::span<const std::uint8_t> anomalous,
                                    const GroundTruth& truth, const MetricRequest& request);

/// Types of the anomalous images, in bytewise order.
[[nodiscard]] std::vector<std::string> types_of(std::span<const std::uint8_t> anomalous,
                                                const MetricRequest& request);

}  // namespace patchead::inline metrics_detail
