#pragma once

#include <string>

#include "patchead/report/tables.hpp"

/// \file
/// \brief Fractions as people read them. Private to the report layer.

namespace patchead::inline report_detail {

/// `fraction` (not negative) as percent with one decimal, "82.1" for 0.8205.
///
/// Rounded half to even on the exact value of the double: there is no product with 100 before it,
/// which could round onto or off a tie.
[[nodiscard]] std::string percent(double fraction);

/// "82.1 ± 0.3", without "± 0.3" where one seed is behind it; "–" where there is no mean.
[[nodiscard]] std::string percent_with_std(const Cell& cell);

/// Percent with one decimal or, of counts, whole.
[[nodiscard]] std::string paper_number(double value, bool counts);

/// With its sign, unless it is zero as printed.
[[nodiscard]] std::string paper_difference(double value, bool counts);

}  // namespace patchead::inline report_detail
