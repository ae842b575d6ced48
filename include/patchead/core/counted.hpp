#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// \file
/// \brief Numbers of things, as people write them.

namespace patchead {

/// "1 unit", "2 units"; `plural` where it is no "s" more: "2 categories".
[[nodiscard]] inline std::string counted(std::uintmax_t number, std::string_view noun,
                                         std::string_view plural = {}) {
    auto text = std::to_string(number) + " ";
    if (number == 1) { return text.append(noun); }
    return plural.empty() ? text.append(noun).append("s") : text.append(plural);
}

}  // namespace patchead
