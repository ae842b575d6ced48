#pragma once

#include <optional>
#include <string>

#include "patchead/core/point_cost.hpp"
#include "tables/cells.hpp"

/// \file
/// \brief What queries of a row of a table cost. Private to the report layer.

namespace patchead::inline report_detail {

/// The mean over the points behind a row; nothing if none of them says what it costs.
[[nodiscard]] std::optional<PointCost> mean_cost(const RunsBySeed& runs);

/// "23.1", "1520", "0.0042"; "–" where it is not known.
[[nodiscard]] std::string amount_text(double value);

/// In units of 1e9 and 1e6: what tables print.
[[nodiscard]] std::string giga_text(double value);
[[nodiscard]] std::string mega_text(double value);

}  // namespace patchead::inline report_detail
