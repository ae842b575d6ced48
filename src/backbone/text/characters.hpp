#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// \file
/// \brief What must be known of single characters: tables of Unicode and HTML, made by
/// scripts/make_character_tables.py and put into the binary by CMakeLists.txt.

namespace patchead::inline backbone_detail {

/// characters.txt.
extern const std::string_view kCharacterTables;

/// A set of characters.
struct CharacterSet {
    std::vector<std::pair<char32_t, char32_t>> ranges;  ///< First and last, ascending.

    [[nodiscard]] bool contains(char32_t code) const {
        const auto after = std::ranges::upper_bound(ranges, code, {},
                                                    [](const auto& range) { return range.first; });
        return after != ranges.begin() && code <= std::prev(after)->second;
    }
};

/// Canonical parts of a character, one level deep.
struct Decomposition {
    std::u32string parts;
    bool is_composed = true;  ///< By normalisation, too.
};

struct CharacterTables {
    CharacterSet letters;                                         ///< \p{L}
    CharacterSet numbers;                                         ///< \p{N}
    CharacterSet cased;                                           ///< For the final sigma.
    CharacterSet passed_over;                                     ///< The same.
    std::unordered_map<char32_t, char32_t> lower;                 ///< Simple ones.
    std::unordered_map<char32_t, char32_t> narrow;                ///< Of full and half width.
    std::unordered_map<char32_t, int> classes;                    ///< Combining classes above 0.
    std::unordered_map<char32_t, Decomposition> decompositions;   ///< Without Hangul.
    std::map<std::pair<char32_t, char32_t>, char32_t> composed;   ///< Of two, the one.
    std::unordered_map<std::string, std::u32string> entities;     ///< "amp", "amp;"
    std::unordered_map<std::u32string, std::u32string> capitals;  ///< Of what entities stand for.
};

/// The tables, read when they are first asked for.
[[nodiscard]] const CharacterTables& character_tables();

/// What Python's str.isspace() calls white space, at which str.split() splits.
[[nodiscard]] bool is_white_space(char32_t code);

/// Lower case, with the rules for the final sigma and for I with a dot. As Python's str.lower().
/// Source: The Unicode Standard, section 3.13, and SpecialCasing.txt.
[[nodiscard]] std::u32string lower_case(std::u32string_view text);

/// Normalization Form C. Source: Unicode Standard Annex #15.
[[nodiscard]] std::u32string composed_form(std::u32string_view text);

}  // namespace patchead::inline backbone_detail
