#include "text/percent.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace patchead::inline report_detail {

std::string percent(double fraction) {
    // With a precision, to_chars rounds the exact value, as printf does: half to even.
    std::array<char, 400> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), fraction,
                                            std::chars_format::fixed, 3);
    if (error != std::errc{}) { throw std::logic_error("a fraction has too many digits"); }
    std::string digits(text.data(), end);  // "0.821": its digits are thousandths.
    digits.erase(digits.find('.'), 1);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 2));
    return digits.insert(digits.size() - 1, ".");
}

std::string percent_with_std(const Cell& cell) {
    const auto text = cell.mean ? percent(*cell.mean) : std::string("–");
    return cell.seeds > 1 ? text + " ± " + percent(cell.std) : text;
}

std::string paper_number(double value, bool counts) {
    return counts ? fmt::format("{:.0f}", value) : percent(value);
}

std::string paper_difference(double value, bool counts) {
    const auto size = paper_number(std::abs(value), counts);
    if (size == paper_number(0, counts)) { return size; }
    return (value < 0 ? "-" : "+") + size;
}

}  // namespace patchead::inline report_detail
