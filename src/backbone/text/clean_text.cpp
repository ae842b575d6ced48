#include "text/clean_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/characters.hpp"
#include "text/entities.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr int kMostRounds = 64;

/// Characters that stand for two or more.
constexpr auto kLigatures = std::to_array<std::pair<char32_t, std::u32string_view>>(
    {{0x132, U"IJ"},       {0x133, U"ij"},      {0x149, U"\u02BCn"}, {0x1C4, U"D\u017D"},
     {0x1C5, U"D\u017E"},  {0x1C6, U"d\u017E"}, {0x1C7, U"LJ"},      {0x1C8, U"Lj"},
     {0x1C9, U"lj"},       {0x1CA, U"NJ"},      {0x1CB, U"Nj"},      {0x1CC, U"nj"},
     {0x1F1, U"DZ"},       {0x1F2, U"Dz"},      {0x1F3, U"dz"},      {0xFB00, U"ff"},
     {0xFB01, U"fi"},      {0xFB02, U"fl"},     {0xFB03, U"ffi"},    {0xFB04, U"ffl"},
     {0xFB05, U"\u017Ft"}, {0xFB06, U"st"},     {0xFFE3, U" \u0304"}});

/// Ideographic and other spaces of full width become one, wide and half-width forms the usual ones.
char32_t of_usual_width(char32_t c) {
    if (c == 0x3000) { return U' '; }
    const auto& table = character_tables().narrow;
    const auto found = table.find(c);
    return found == table.end() ? c : found->second;
}

char32_t straight_quote(char32_t c) {
    if (c == 0x2BC || (c >= 0x2018 && c <= 0x201B)) { return U'\''; }
    return c >= 0x201C && c <= 0x201F ? U'"' : c;
}

bool ends_line(char32_t c) { return c == U'\r' || c == 0x2028 || c == 0x2029 || c == 0x85; }

bool is_removed(char32_t c) {
    return c < 0x09 || c == 0x0B || (c >= 0x0E && c < 0x20) || c == 0x7F ||
           (c >= 0x206A && c < 0x2070) || c == 0xFEFF || (c >= 0xFFF9 && c < 0xFFFD);
}

/// Controls, ligatures, widths and quotes: what goes by single characters.
std::u32string with_plain_characters(std::u32string_view text) {
    std::u32string result;
    result.reserve(text.size());
    for (const auto raw : text) {
        const auto c = raw >= 0x80 && raw < 0xA0 ? meant_by_control(raw) : raw;
        const auto* const ligature =
            std::ranges::find(kLigatures, c, &std::pair<char32_t, std::u32string_view>::first);
        if (ligature == kLigatures.end()) {
            result += straight_quote(of_usual_width(c));
            continue;
        }
        for (const auto part : ligature->second) { result += straight_quote(part); }
    }
    return result;
}

std::u32string with_plain_line_ends(std::u32string_view text) {
    std::u32string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_first_of_two =
            text[i] == U'\r' && i + 1 < text.size() && text[i + 1] == U'\n';
        if (!is_first_of_two) { result += ends_line(text[i]) ? U'\n' : text[i]; }
    }
    return result;
}

/// Behind an escape of a terminal, "ESC [ 31 m", that begins at `begin`; `begin` if none does.
std::size_t end_of_escape(std::u32string_view text, std::size_t begin) {
    if (!text.substr(begin).starts_with(U"\x1b[")) { return begin; }
    auto end = begin + 2;
    while (end < text.size() && ((text[end] >= U'0' && text[end] <= U'9') || text[end] == U';')) {
        ++end;
    }
    const bool has_letter =
        end < text.size() && (text[end] | 0x20U) >= U'a' && (text[end] | 0x20U) <= U'z';
    return has_letter ? end + 1 : begin;
}

std::u32string without_controls(std::u32string_view text) {
    std::u32string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto end = end_of_escape(text, i);
        if (end == i) { plain += text[i++]; }
        i = std::max(i, end);
    }
    std::erase_if(plain, is_removed);
    return plain;
}

/// A line with its end.
std::u32string fixed_line(std::u32string_view line, bool has_entities) {
    std::u32string text(line);
    for (int round = 0; round < kMostRounds; ++round) {
        auto next = has_entities ? without_closed_entities(text) : text;
        next = composed_form(without_controls(with_plain_line_ends(with_plain_characters(next))));
        if (next == text) { break; }
        text = std::move(next);
    }
    return text;
}

std::u32string with_single_spaces(std::u32string_view text) {
    std::u32string result;
    result.reserve(text.size());
    bool is_gap = false;
    for (const auto c : text) {
        if (is_white_space(c)) {
            is_gap = !result.empty();
            continue;
        }
        if (std::exchange(is_gap, false)) { result += U' '; }
        result += c;
    }
    return result;
}

}  // namespace

std::u32string fixed_text(std::u32string_view text) {
    std::u32string result;
    bool has_entities = true;  // Once there is a tag, it is taken for HTML, which keeps its own.
    while (!text.empty()) {
        const auto size = std::min(text.find(U'\n'), text.size() - 1) + 1;
        has_entities = has_entities && text.substr(0, size).find(U'<') == text.npos;
        result += fixed_line(text.substr(0, size), has_entities);
        text.remove_prefix(size);
    }
    return result;
}

std::u32string cleaned_text(std::u32string_view text) {
    const auto decoded = without_entities(without_entities(fixed_text(text)));
    return lower_case(with_single_spaces(decoded));
}

}  // namespace patchead::inline backbone_detail
