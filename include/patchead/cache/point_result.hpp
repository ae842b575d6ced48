#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief What the store holds of a point, and what any artifact says of how it was made.

namespace patchead {

/// Facts about how an artifact was made (versions, weights, durations); not part of its content.
using Provenance = std::map<std::string, std::string>;

/// The outcome of one ablation point on one category.
struct PointResult {
    MetricSet metrics;
    std::vector<std::string> ids;         ///< Of the test images, in order.
    std::vector<std::uint8_t> anomalous;  ///< Labels by folder.
    std::vector<float> scores;            ///< Image scores S.
    std::vector<std::string> references;  ///< Ids of the prompts (few-shot), else empty.
    Provenance made_with{};               ///< Of one that was read: how it was made.
};

}  // namespace patchead
