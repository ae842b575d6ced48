#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "patchead/results/results.hpp"

/// \file
/// \brief What a point is, as a key and as text.

namespace patchead {

/// Everything that tells points apart.
[[nodiscard]] inline auto key_of(const ResultRow& row) {
    return std::tuple(row.dataset, row.category, row.backbone, row.image_size, row.sizes,
                      row.setting, row.shots, row.seed, row.modules);
}
using PointKey = decltype(key_of({}));

/// "448", or what a point of several sizes says: "224+448-mean".
[[nodiscard]] std::string size_label(const ResultRow& row);

/// The backbones behind a point: of "a+b-mean" a and b, else the one that it names.
[[nodiscard]] std::vector<std::string> backbones_behind(const ResultRow& row);
/// The sides behind a point, in px: of "224+448-mean" 224 and 448.
[[nodiscard]] std::vector<std::string> sides_behind(const ResultRow& row);
/// "mean" or "max" if `label` is that of several things fused ("a+b-mean"); else empty.
[[nodiscard]] std::string fuse_rule_of(const std::string& label);

/// The columns of `csv_point`, as a head.
inline constexpr std::string_view kPointColumns =
    "dataset,category,backbone,image_size,setting,shots,seed,modules,";
/// The fields of a point, each with its comma.
[[nodiscard]] std::string csv_point(const ResultRow& row);

/// Of metrics; null if it is not among them.
[[nodiscard]] const MetricValue* find_metric(const MetricSet& metrics, std::string_view name);

/// Whether both are the same number to the last bit, or both undefined.
[[nodiscard]] bool are_same(double one, double other);

}  // namespace patchead
