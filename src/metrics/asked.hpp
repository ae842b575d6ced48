#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "argument.hpp"
#include "evidence.hpp"
#include "pixel_ranking.hpp"

/// \file
/// \brief Metrics by the names that users ask for them.

namespace patchead::inline metrics_detail {

/// What a metric looks at beside the scores and labels of images.
enum class Needs {
    images,        ///< Nothing.
    pixels,        ///< Counts at the scores of the anomalous pixels.
    positives,     ///< The anomalous pixels by their scores, with their regions.
    marked,        ///< The same, and those of each mask file.
    normal_rates,  ///< The same, and rates of the images without anomaly.
    cuts,          ///< Counts at its argument, a score.
    maps,          ///< All pixels again: emulated ones.
};

/// A line of asked_metrics.def or published/published.def.
struct MetricKind {
    std::string_view name;
    std::string_view mark;
    Takes takes;
    std::string_view bare;
    std::string_view usual;
    Needs needs;
    Quantity (*compute)(const Evidence&, const Argument&);
    std::string_view meaning;
    std::string_view source{};  ///< Of emulated ones: where it was published,
    std::string_view fault{};   ///< and what is wrong with it, one sentence.
};

/// Of both tables, in their order.
[[nodiscard]] std::span<const MetricKind> metric_kinds();

/// Between the name of a metric and a type of defect: "I-AUROC/structural_anomalies".
inline constexpr char kTypeMark = '/';
/// In place of a type: the mean over all types.
inline constexpr std::string_view kEachType = "types";

/// A metric, its argument, and which defects count.
struct AskedMetric {
    std::string name;               ///< Canonical: equal ones have one name.
    const Metric* plain = nullptr;  ///< One of metrics.def, or
    const MetricKind* kind = nullptr;
    Argument argument{};
    std::string type{};  ///< Of defect: the others do not count; kEachType, or empty: all count.

    [[nodiscard]] Needs needs() const;
    [[nodiscard]] Quantity compute(const Evidence& evidence) const;
};

/// Throws ConfigError that names the nearest if there is none of that name.
[[nodiscard]] AskedMetric find_asked(const std::string& name);
[[nodiscard]] std::vector<AskedMetric> find_asked(std::span<const std::string> names);

/// What is to be kept of pixels for all of them. `threshold`: where a name says none.
[[nodiscard]] PixelDetail detail_for(std::span<const AskedMetric> metrics,
                                     std::optional<double> threshold);

}  // namespace patchead::inline metrics_detail
