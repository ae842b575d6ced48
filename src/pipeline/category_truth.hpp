#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief The masks that points are measured against. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// The ground truth of the test images `tests` of `samples`, at the evaluation size of `metrics`,
/// which is one of images that are resized as `resize` says; with regions of mask files if one of
/// the metrics `names` needs them and there are saturation areas.
/// Throws DataError that names the image or mask file at fault.
[[nodiscard]] GroundTruth read_truth(std::span<const Sample> samples,
                                     std::span<const std::size_t> tests,
                                     const MetricOptions& metrics, Resize resize,
                                     const std::vector<std::string>& names = {});

/// What is asked of `measure` about these test images: which are views of one sample, and which
/// types of defects they have.
[[nodiscard]] MetricRequest request_for(std::span<const Sample> samples,
                                        std::span<const std::size_t> tests,
                                        const std::vector<std::string>& names);

}  // namespace patchead::inline pipeline_detail
