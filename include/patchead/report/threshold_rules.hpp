#pragma once

#include <span>
#include <string>
#include <vector>

#include "patchead/results/results.hpp"

/// \file
/// \brief Rules that make a threshold of image scores without a label.

namespace patchead {

/// A rule as an option or a file names it.
struct ThresholdRule {
    /// "max", "mean3sigma", "quantile:0.05", "p95x1.421" or "robust"; "validation:max" ...
    std::string name;
    double parameter = 0;  ///< What stands behind the colon.
    /// Whether it bears with some anomalies among the scores: the only kind that a batch can take.
    bool is_robust = false;
    /// Whether it is about the scores of validation images, not of prompts.
    bool is_of_validation = false;
    /// Of at least one score, in ascending order.
    double (*formula)(std::span<const double> sorted, double parameter) = nullptr;
};

/// Help of the option --threshold.
inline constexpr const char* kThresholdHelp =
    "tables/thresholds: thresholds of image scores from normal images only, by these rules: max, "
    "mean3sigma, quantile:SHARE (of false alarms, e.g. 0.05), p95x1.421, robust (median + 3 MAD; "
    "of a batch, too) or all; validation:RULE takes the data set's validation images in place of "
    "prompts, and validation is validation:mean3sigma";

/// Rules by their names, "all" being each of them of prompts; "quantile" is "quantile:0.05",
/// "validation" is "validation:mean3sigma". One that is there twice counts once.
/// Throws ConfigError for a name that is none, or a share that is not between 0 and 1.
[[nodiscard]] std::vector<ThresholdRule> parse_threshold_rules(
    const std::vector<std::string>& names);

/// Those that the sweep of `results` was asked for; none if it was asked for none.
[[nodiscard]] std::vector<ThresholdRule> threshold_rules_of(const Results& results);

/// What a rule makes of `scores`, of which there is at least one.
///  * max: the highest
///  * mean3sigma: mean + 3 standard deviations (divided by n, as NumPy's)
///  * quantile:A: the quantile 1 - A, between neighbours linearly, as NumPy's
///  * p95x1.421: the quantile 0.95 times 1.421 (SuperADD)
///  * robust: median + 3 * 1.4826 * median of the distances from it
[[nodiscard]] double threshold_of(const ThresholdRule& rule, std::span<const float> scores);

}  // namespace patchead
