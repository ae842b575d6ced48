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

bool is_deeper_than(std::size_t levels, std::string_view text) {
    std::size_t depth = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_quoted && c == '\\') { ++i; }
        if (c == '"') { is_quoted = !is_quoted; }
        if (is_quoted) { continue; }
        if ((c == '[' || c == '{') && ++depth > levels) { return true; }
        if ((c == ']' || c == '}') && depth > 0) { --depth; }
    }
    return false;
}

}  // namespace patchead
