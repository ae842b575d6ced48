#pragma once

#include <functional>
#include <span>
#include <vector>

#include "patchead/scoring/fuse.hpp"
#include "scores.hpp"

/// \file
/// \brief Scores and maps of any point: of one that is plain, or made of several. Private to the
/// pipeline layer.

namespace patchead::inline pipeline_detail {

/// Scores of the test images of a point.
struct PointScores {
    /// Scores of one size and backbone, calibrated as the point wants it, and where the transforms
    /// of copies lie (of each test, where there are copies).
    struct Part {
        TestScores tests;
        std::vector<Transform> transforms{};
    };
    std::vector<Part> parts;
    FuseRule rule = FuseRule::mean;

    [[nodiscard]] const std::vector<std::string>& ids() const {
        return parts.front().tests.scores.ids;
    }
    /// Of all test images, fused.
    [[nodiscard]] std::vector<float> images() const;
    /// Number of the part with the most patches.
    [[nodiscard]] std::size_t finest() const;
    /// Patch scores of all test images, without those of copies: as they are, or of several parts
    /// fused on the finest grid, to which the others are interpolated as `options` says,
    /// unsmoothed.
    [[nodiscard]] PatchScores patches(const MetricOptions& options) const;
    /// Whether maps are nothing but the grid of the one part made larger.
    [[nodiscard]] bool is_plain() const {
        return parts.size() == 1 && parts.front().tests.copies.empty();
    }
};

/// Scores of `unit`, from the match tensors, transforms and attention in the store.
[[nodiscard]] PointScores score_point(const Store& store, const SweepPlan& plan,
                                      const EvaluateUnit& unit, const ForegroundSource& foreground);

/// The anomaly maps of a point: each part's, as if it were measured alone, fused pixel by pixel.
class FusedMaps {
  public:
    /// `scores` must outlive the object.
    FusedMaps(const PointScores& scores, const MetricOptions& options);

    /// Shape: `[size.height, size.width]`. Valid until the next call.
    [[nodiscard]] std::span<const float> map(std::size_t image, MapSize size);

  private:
    std::vector<AnomalyMaps> parts_;
    FusedScores fused_;
    std::vector<float> map_;
};

}  // namespace patchead::inline pipeline_detail
