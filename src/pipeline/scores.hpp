#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/core/types.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief From match tensors to the scores and maps of a point. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// Scores of the test images of a point.
struct TestScores {
    /// Patches of the images themselves; image scores are means over the versions (paper, section
    /// 3.3: "we average the scores from the three images").
    PatchScores scores;
    /// The same images as copies, where copies are queries too (batch zero-shot z2 and z4).
    struct OfCopies {
        Version version = Version::aligned;
        PatchScores scores;
    };
    std::vector<OfCopies> copies;
};

/// Puts the scores of several match units into the order of the test images.
class ScoreMerger {
  public:
    /// Without `rotations`, scores of rotated copies are passed over.
    ScoreMerger(std::span<const Sample> samples, std::span<const std::size_t> tests,
                bool rotations = true);

    /// `versions`: of each image of `part`; empty: they are originals.
    void add(const PatchScores& part, std::span<const Version> versions);

    /// Throws std::logic_error if a test image has no score or two in a version that others have.
    [[nodiscard]] TestScores merged();

  private:
    struct OfVersion {
        PatchScores scores;
        std::vector<int> times;  ///< How often each image came.
    };

    OfVersion& of(Version version);

    bool rotations_;
    std::vector<std::string> ids_;
    std::unordered_map<std::string, std::size_t> place_;
    std::vector<OfVersion> versions_;  ///< By number of the version; those not met are empty.
};

/// Patch scores, without those beyond the images' own patches.
[[nodiscard]] std::vector<float> own_scores(const PatchScores& scores);

/// Scores of `unit`, from the match tensors and attention in the store.
[[nodiscard]] TestScores score_tests(const Store& store, const SweepPlan& plan,
                                     const EvaluateUnit& unit, const ForegroundSource& foreground);

/// The map of an image's patches, in the frame of the image. Shape: `[size.height, size.width]`.
[[nodiscard]] std::vector<float> map_of(const PatchScores& scores, std::size_t image, MapSize size,
                                        const MetricOptions& options);

/// The anomaly maps of a point, in the frame of the images: those of copies
/// are warped back, and each pixel is the mean over the versions that show it.
class AnomalyMaps {
  public:
    /// `transforms`: of each test; empty if there are no copies. `scores` must outlive the object.
    AnomalyMaps(const TestScores& scores, std::vector<Transform> transforms,
                const MetricOptions& options);

    /// Shape: `[size.height, size.width]`. Valid until the next call.
    [[nodiscard]] std::span<const float> map(std::size_t image, MapSize size);

  private:
    const TestScores& scores_;
    std::vector<Transform> transforms_;
    MetricOptions options_;
    std::vector<float> sum_;
    std::vector<float> count_;
};

}  // namespace patchead::inline pipeline_detail
