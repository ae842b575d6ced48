#include "percent.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace patchead {

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

}  // namespace patchead
