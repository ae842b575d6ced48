#pragma once

#include <string>

/// \file
/// \brief Fractions as people read them. Private to the report layer.

namespace patchead {

/// `fraction` (not negative) as percent with one decimal, "82.1" for 0.8205.
///
/// Rounded half to even on the exact value of the double: there is no product with 100 before it,
/// which could round onto or off a tie.
[[nodiscard]] std::string percent(double fraction);

}  // namespace patchead
