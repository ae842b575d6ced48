#pragma once

#include <string>
#include <string_view>

/// \file
/// \brief Text of CSV fields.

namespace patchead {

/// `field`, in quotes if it holds a comma, a quote or a line break (RFC 4180).
[[nodiscard]] std::string csv_field(std::string_view field);

/// The shortest text that reads back as `value`; "nan" if it is undefined.
[[nodiscard]] std::string csv_number(double value);

}  // namespace patchead
