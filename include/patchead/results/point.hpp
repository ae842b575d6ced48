#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "patchead/results/results.hpp"

/// \file
/// \brief What a point is, as a key and as text.

namespace patchead {

/// Everything that tells points apart.
[[nodiscard]] inline auto key_of(const ResultRow& row) {
    return std::tuple(row.dataset, row.category, row.backbone, row.image_size, row.setting,
                      row.shots, row.seed, row.modules);
}
using PointKey = decltype(key_of({}));

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
