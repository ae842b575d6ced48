#include "patchead/core/option_domains.hpp"

#include <charconv>
#include <optional>

#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/options.hpp"

namespace patchead {
namespace {

/// All of `text` as a number; nothing if it is none.
template <class Number>
std::optional<Number> number_in(const std::string& text) {
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

}  // namespace

int whole_number(const std::string& option, const std::string& text, int least) {
    const auto number = number_in<int>(text);
    require<ConfigError>(number && *number >= least, "option --", option, ": '", text,
                         "' is no whole number of at least ", least,
                         "; separate several values with spaces");
    return *number;
}

double Real::parse(const std::string& option, const std::string& text) const {
    const auto number = number_in<double>(text);
    require<ConfigError>(number.has_value(), "option --", option, ": '", text,
                         "' is no number; give ", least_, " to ", most_, unit_);
    require<ConfigError>(*number >= least_ && *number <= most_, "option --", option, ": ", text,
                         " is out of range; give ", least_, " to ", most_, unit_);
    return *number;
}

std::string Real::text(double value) const { return exact_text(value); }

double Fraction::parse(const std::string& option, const std::string& text) const {
    const auto number = number_in<double>(text);
    require<ConfigError>(number && *number >= 0 && *number <= 1, "option --", option, ": ", text,
                         " is no fraction; give a number from 0 to 1");
    return *number;
}

std::string Fraction::text(double value) const { return exact_text(value); }

double PositiveFraction::parse(const std::string& option, const std::string& text) const {
    const double number = Fraction::parse(option, text);
    require<ConfigError>(number > 0, "option --", option, ": 0 integrates over nothing; ",
                         "give a number above 0, usually 0.3");
    return number;
}

int Whole::parse(const std::string& option, const std::string& text) const {
    const auto number = number_in<int>(text);
    require<ConfigError>(number.has_value(), "option --", option, ": '", text,
                         "' is no whole number; give at least ", least_, unit_);
    require<ConfigError>(*number >= least_, "option --", option, ": ", text,
                         " is too small; give at least ", least_, unit_);
    return *number;
}

int OneOf::parse(const std::string& option, const std::string& text) const {
    const auto number = number_in<int>(text);
    require<ConfigError>(number && (*number == first_ || *number == second_), "option --", option,
                         ": ", text, "; give ", first_, " or ", second_);
    return *number;
}

bool YesNo::parse(const std::string& option, const std::string& text) const {
    require<ConfigError>(text == "yes" || text == "no", "option --", option, ": '", text,
                         "'; give yes or no");
    return text == "yes";
}

int EvalSize::parse(const std::string& option, const std::string& text) const {
    if (text == "input") { return kInputSide; }
    return text == "native" ? kNativeSide : whole_number(option, text, kInputSide);
}

std::string EvalSize::text(int side_px) const {
    if (side_px == kInputSide) { return "input"; }
    return side_px == kNativeSide ? "native" : std::to_string(side_px);
}

Tiling TileSize::parse(const std::string& option, const std::string& text) const {
    if (text == "none") { return {}; }
    const auto colon = text.find(':');
    require<ConfigError>(colon != std::string::npos, "option --", option, ": '", text,
                         "' is no SIZE:OVERLAP; give e.g. 640:256, or none");
    const Tiling tiling{whole_number(option, text.substr(0, colon), 1),
                        whole_number(option, text.substr(colon + 1), 0)};
    require<ConfigError>(tiling.overlap_px < tiling.side_px, "option --", option, ": tiles of ",
                         tiling.side_px, " px cannot overlap by ", tiling.overlap_px,
                         " px (they would not go on); give an overlap below the size");
    return tiling;
}

std::string TileSize::text(const Tiling& tiling) const {
    return tiling == Tiling{} ? "none" : concat(tiling.side_px, ":", tiling.overlap_px);
}

double ShareOrNatural::parse(const std::string& option, const std::string& text) const {
    if (text == "natural") { return kNaturalShare; }
    const auto number = number_in<double>(text);
    require<ConfigError>(number && *number >= 0 && *number <= 1, "option --", option, ": ", text,
                         " is no share; give a number from 0 to 1, or natural");
    return *number;
}

std::string ShareOrNatural::text(double share) const {
    return share == kNaturalShare ? "natural" : exact_text(share);
}

std::size_t CompanySize::parse(const std::string& option, const std::string& text) const {
    if (text == "all") { return kAllImages; }
    const auto number = number_in<int>(text);
    require<ConfigError>(number && *number >= 2, "option --", option, ": ", text,
                         " is no number of images that can meet; give at least 2 (one image and "
                         "another), or all");
    return static_cast<std::size_t>(*number);
}

std::string CompanySize::text(std::size_t count) const {
    return count == kAllImages ? "all" : std::to_string(count);
}

std::size_t CountOrAll::parse(const std::string& option, const std::string& text) const {
    return text == "all" ? kAll : static_cast<std::size_t>(whole_number(option, text, 0));
}

std::string CountOrAll::text(std::size_t count) const {
    return count == kAll ? "all" : std::to_string(count);
}

}  // namespace patchead
