#include "text/split_text.hpp"

#include <span>

#include "text/characters.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr auto kContractions = std::to_array<std::u32string_view>(
    {U"'s", U"'\u017F", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"});  // U+017F is a long s.

/// Characters of the run of `is_in` at the front of `text`.
template <class IsIn>
std::size_t run_length(std::u32string_view text, const IsIn& is_in) {
    std::size_t length = 0;
    while (length < text.size() && is_in(text[length])) { ++length; }
    return length;
}

/// What is in no piece: white space, and one mark that upstream's regular expressions, which ignore
/// case, take for its capital, a letter, in one place and for a mark in the other.
bool is_left_out(char32_t c) { return is_white_space(c) || c == 0x345; }

std::size_t length_of_first(std::u32string_view text, std::span<const std::u32string_view> words) {
    for (const auto word : words) {
        if (text.starts_with(word)) { return word.size(); }
    }
    return 0;
}

/// Characters of the piece at the front of `text`, which begins with one.
std::size_t piece_length(std::u32string_view text, const SpecialNames& special) {
    const auto& tables = character_tables();
    const auto is_letter = [&](char32_t c) { return tables.letters.contains(c); };
    const auto is_number = [&](char32_t c) { return tables.numbers.contains(c); };
    const auto is_other = [&](char32_t c) {
        return !is_letter(c) && !is_number(c) && !is_left_out(c);
    };
    if (const auto length = length_of_first(text, special)) { return length; }
    if (const auto length = length_of_first(text, kContractions)) { return length; }
    if (const auto length = run_length(text, is_letter)) { return length; }
    return is_number(text.front()) ? 1 : run_length(text, is_other);
}

}  // namespace

std::vector<std::u32string_view> pieces_of(std::u32string_view text, const SpecialNames& special) {
    std::vector<std::u32string_view> pieces;
    for (;;) {
        text.remove_prefix(run_length(text, is_left_out));
        if (text.empty()) { return pieces; }
        const auto length = piece_length(text, special);
        pieces.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
}

}  // namespace patchead::inline backbone_detail
