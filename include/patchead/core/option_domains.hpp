#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "patchead/core/company_options.hpp"
#include "patchead/core/option_names.hpp"

/// \file
/// \brief What options take: texts to values and back.
///
/// Every domain has
///  * `parse(option, text)`: the value. Throws ConfigError that names option, text and mend;
///  * `text(value)`: the text that parses to it, as configs and results show it;
///  * `key(value)`: the text that stands for it in cache keys;
///  * `other(value)`: another value, with which tests see what depends on an option.

namespace patchead {

/// `text` as a number of an option that takes several. Throws ConfigError naming option and text.
[[nodiscard]] int whole_number(const std::string& option, const std::string& text, int least);

/// The words of an enumeration.
template <class E>
struct Words {
    [[nodiscard]] E parse(const std::string& option, const std::string& text) const {
        return parse_option<E>(option, text);
    }
    [[nodiscard]] std::string text(E value) const { return std::string(name_of(value)); }
    [[nodiscard]] std::string key(E value) const { return text(value); }
    [[nodiscard]] E other(E value) const {
        const auto names = option_names(value);
        return value == names.back().value ? names.front().value : names.back().value;
    }
};

/// A number from `least` to `most`, both included.
class Real {
  public:
    Real(double least, double most, const char* unit = "")
        : least_(least), most_(most), unit_(unit) {}
    [[nodiscard]] double parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(double value) const;
    [[nodiscard]] std::string key(double value) const { return text(value); }
    [[nodiscard]] double other(double value) const { return value == most_ ? least_ : most_; }

  private:
    double least_, most_;
    const char* unit_;
};

/// A number from 0 to 1.
struct Fraction {
    [[nodiscard]] double parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(double value) const;
    [[nodiscard]] std::string key(double value) const { return text(value); }
    [[nodiscard]] double other(double value) const { return value == 1 ? 0.5 : 1; }
};

/// The same without 0.
struct PositiveFraction : Fraction {
    [[nodiscard]] double parse(const std::string& option, const std::string& text) const;
};

/// A whole number of at least `least`.
class Whole {
  public:
    explicit Whole(int least, const char* unit = "") : least_(least), unit_(unit) {}
    [[nodiscard]] int parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(auto value) const { return std::to_string(value); }
    [[nodiscard]] std::string key(auto value) const { return text(value); }
    [[nodiscard]] auto other(auto value) const { return value + 1; }

  private:
    int least_;
    const char* unit_;
};

/// One of two whole numbers.
class OneOf {
  public:
    OneOf(int first, int second) : first_(first), second_(second) {}
    [[nodiscard]] int parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(int value) const { return std::to_string(value); }
    [[nodiscard]] std::string key(int value) const { return text(value); }
    [[nodiscard]] int other(int value) const { return value == first_ ? second_ : first_; }

  private:
    int first_, second_;
};

/// yes or no; in keys 1 or 0.
struct YesNo {
    [[nodiscard]] bool parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(bool value) const { return value ? "yes" : "no"; }
    [[nodiscard]] std::string key(bool value) const { return value ? "1" : "0"; }
    [[nodiscard]] bool other(bool value) const { return !value; }
};

/// "input", "native" or a side in px.
struct EvalSize {
    [[nodiscard]] int parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(int side_px) const;
    [[nodiscard]] std::string key(int side_px) const { return text(side_px); }
    [[nodiscard]] int other(int side_px) const {
        return side_px == kNativeSide ? 224 : kNativeSide;
    }
};

/// "none", or side and overlap of tiles in px: "640:256".
struct TileSize {
    [[nodiscard]] Tiling parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(const Tiling& tiling) const;
    [[nodiscard]] std::string key(const Tiling& tiling) const { return text(tiling); }
    [[nodiscard]] Tiling other(const Tiling& tiling) const {
        return tiling == Tiling{} ? Tiling{112, 0} : Tiling{};
    }
};

/// A number of images, or "all".
struct CountOrAll {
    static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] std::size_t parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(std::size_t count) const;
    [[nodiscard]] std::string key(std::size_t count) const { return text(count); }
    [[nodiscard]] std::size_t other(std::size_t count) const { return count == kAll ? 0 : kAll; }
};

/// "natural", or a number from 0 to 1.
struct ShareOrNatural {
    [[nodiscard]] double parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(double share) const;
    [[nodiscard]] std::string key(double share) const { return text(share); }
    [[nodiscard]] double other(double share) const { return share < 0 ? 0.5 : kNaturalShare; }
};

/// "all", or the number of images of a batch: at least 2.
struct CompanySize {
    [[nodiscard]] std::size_t parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(std::size_t count) const;
    [[nodiscard]] std::string key(std::size_t count) const { return text(count); }
    [[nodiscard]] std::size_t other(std::size_t count) const {
        return count == kAllImages ? 8 : kAllImages;
    }
};

}  // namespace patchead
