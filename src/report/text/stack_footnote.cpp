#include "text/stack_footnote.hpp"

#include <fmt/format.h>

#include "patchead/core/numeric_stack.hpp"

namespace patchead::inline report_detail {

std::optional<std::string> stack_footnote(const Results& results) {
    const auto stacks = stacks_of(results.provenance);
    if (stacks.size() < 2) { return std::nullopt; }
    return fmt::format(
        "Computed with {} different numeric stacks, so that last digits may not repeat: {}.",
        stacks.size(), stacks_text(stacks));
}

}  // namespace patchead::inline report_detail
