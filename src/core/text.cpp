#include "patchead/core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace patchead {

std::string clock_text(double seconds) {
    constexpr long kHour = 3600;
    const long total = std::lround(std::max(0.0, seconds));
    std::array<char, 48> text{};
    if (total < kHour) {
        std::snprintf(text.data(), text.size(), "%02ld:%02ld", total / 60, total % 60);
    } else {
        std::snprintf(text.data(), text.size(), "%02ld:%02ld:%02ld", total / kHour, total / 60 % 60,
                      total % 60);
    }
    return text.data();
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
        const auto comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) { return parts; }
        text.remove_prefix(comma + 1);
    }
}

}  // namespace patchead
