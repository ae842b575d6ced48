#pragma once

#include <optional>
#include <string>

#include "patchead/results/results.hpp"

namespace patchead::inline report_detail {

/// What a table says of results that several numeric stacks (core/numeric_stack.hpp) are behind;
/// nothing if it is one.
[[nodiscard]] std::optional<std::string> stack_footnote(const Results& results);

}  // namespace patchead::inline report_detail
