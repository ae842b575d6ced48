#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

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

}  // namespace patchead::inline report_detail
