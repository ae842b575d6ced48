#include "argument.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"

namespace patchead::inline metrics_detail {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// NaN if `text` is no number.
double number_in(std::string_view text) {
    double number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && rest == end && std::isfinite(number) ? number : kNothing;
}

bool is_rate(double number) { return number > 0 && number <= 1; }

/// What `takes` wants, for messages.
std::string_view domain_of(Takes takes) {
    switch (takes) {
        case Takes::nothing:
            return "it takes none";
        case Takes::rate:
            return "a rate above 0 and at most 1";
        case Takes::threshold:
            return "a score";
        case Takes::rates:
            return "two rates LOW:HIGH above 0 and at most 1";
    }
    return {};
}

}  // namespace

std::string_view word_of(Takes takes) {
    switch (takes) {
        case Takes::nothing:
            return "";
        case Takes::rate:
            return "<RATE>";
        case Takes::threshold:
            return "<SCORE>";
        case Takes::rates:
            return "<LOW>:<HIGH>";
    }
    return {};
}

Argument parse_argument(Takes takes, std::string_view text, const std::string& metric) {
    const auto colon = text.find(':');
    Argument argument{kNothing, kNothing};
    bool is_one = false;
    if (takes == Takes::rates) {
        if (colon != std::string_view::npos) {
            argument = {number_in(text.substr(0, colon)), number_in(text.substr(colon + 1))};
        }
        is_one =
            is_rate(argument.first) && is_rate(argument.second) && argument.first < argument.second;
    } else {
        argument.first = number_in(text);
        is_one = takes == Takes::threshold ? !std::isnan(argument.first)
                                           : takes == Takes::rate && is_rate(argument.first);
    }
    require<ConfigError>(is_one, "metric ", metric, ": '", text, "' is no argument of it (",
                         domain_of(takes), "); patchead metrics says what each takes");
    return argument;
}

std::string argument_text(Takes takes, const Argument& argument) {
    if (takes == Takes::nothing) { return {}; }
    const auto first = exact_text(argument.first + 0.0);  // -0 becomes +0.
    return takes == Takes::rates ? concat(first, ":", exact_text(argument.second)) : first;
}

}  // namespace patchead::inline metrics_detail
