#pragma once

#include <cmath>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "patchead/core/point_cost.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/csv.hpp"

/// \file
/// \brief Numbers that may be missing, for CSV and JSON. Private to the report layer.

namespace patchead::inline report_detail {

/// Nothing where there is no mean.
[[nodiscard]] inline std::optional<double> std_of(const Cell& cell) {
    return cell.mean ? std::optional(cell.std) : std::nullopt;
}

/// Ends of the interval of a cell or a comparison, if it has one.
template <class HasInterval>
[[nodiscard]] std::optional<double> low_of(const HasInterval& from) {
    return from.interval ? std::optional(from.interval->low) : std::nullopt;
}
template <class HasInterval>
[[nodiscard]] std::optional<double> high_of(const HasInterval& from) {
    return from.interval ? std::optional(from.interval->high) : std::nullopt;
}

/// "nan" where there is none.
[[nodiscard]] inline std::string csv_optional(const std::optional<double>& value) {
    return value ? csv_number(*value) : "nan";
}

/// null where there is none.
[[nodiscard]] inline nlohmann::ordered_json optional_json(const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

/// Members of JSON; null where something is not known.
inline void add_cost(const PointCost& cost, nlohmann::ordered_json& json) {
    const auto number = [](double value) {
        return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
    };
    json["network_flop"] = number(cost.network_flop);
    json["scoring_flop"] = number(cost.scoring_flop);
    json["memory_bytes"] = number(cost.memory_bytes);
}

}  // namespace patchead::inline report_detail
