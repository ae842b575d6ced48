#include "patchead/core/sample.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"

namespace patchead {
namespace {

Saturation parse_area(std::string_view text) {
    Saturation area;
    const auto equals = text.find('=');
    const auto* const end = text.data() + text.size() - (text.ends_with('r') ? 1 : 0);
    area.is_relative = text.ends_with('r');
    bool is_whole = equals != std::string_view::npos;
    if (is_whole) {
        const auto* const level_end = text.data() + equals;
        const auto level = std::from_chars(text.data(), level_end, area.level);
        const auto number = std::from_chars(level_end + 1, end, area.area);
        is_whole = level.ec == std::errc() && level.ptr == level_end && number.ec == std::errc() &&
                   number.ptr == end && std::isfinite(area.area);
    }
    require<DataError>(is_whole, "'", text, "' (a saturation area is LEVEL=PIXELS or ",
                       "LEVEL=SHAREr); make the text again");
    return area;
}

}  // namespace

std::string text_of(const std::vector<Saturation>& saturation) {
    std::string text;
    for (const auto& [level, area, is_relative] : saturation) {
        text +=
            concat(text.empty() ? "" : " ", level, '=', exact_text(area), is_relative ? "r" : "");
    }
    return text;
}

std::vector<Saturation> parse_saturation(std::string_view text) {
    std::vector<Saturation> areas;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(' '));
        areas.push_back(parse_area(part));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return areas;
}

}  // namespace patchead
