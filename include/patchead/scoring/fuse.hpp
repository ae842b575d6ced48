#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "patchead/core/choices.hpp"

/// \file
/// \brief Scores of several points as those of one: brought to one scale, then averaged or taken at
/// their highest.

namespace patchead {

/// Brings scores to a scale that does not depend on network or size. It knows all scores of one
/// kind (patches or images) of a point, and no label; it never changes their order.
class Calibration {
  public:
    /// `scores`: finite, at least one unless `how` is `none`; `how` is not `automatic`.
    ///  * robust_z: (s - median) / (1.4826 MAD), computed in double; the median of an even number
    ///  of
    ///    scores is the mean of the two in the middle. If MAD is 0, scores are only shifted.
    ///  * rank: the share of `scores` that are not above s, in (0, 1] for one of them
    /// Source of 1.4826: MAD times it is the standard deviation of a normal distribution.
    Calibration(FuseCalibration how, std::span<const float> scores);

    [[nodiscard]] float operator()(float score) const;

    void apply(std::span<float> scores) const;

  private:
    FuseCalibration how_;
    double median_ = 0;
    double scale_ = 1;
    std::vector<float> sorted_;  ///< Of rank.
};

/// Several lists of scores of one length as one, list by list.
class FusedScores {
  public:
    explicit FusedScores(FuseRule rule) : rule_(rule) {}

    /// Sums run in the order of the calls, in float32.
    void add(std::span<const float> scores);

    /// The mean or the highest of what was added since the last call; nothing is left then.
    [[nodiscard]] std::vector<float> take();

  private:
    FuseRule rule_;
    std::size_t count_ = 0;
    std::vector<float> scores_;
};

}  // namespace patchead
