#include "text/entities.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "text/characters.hpp"
#include "text/utf8.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::size_t kLongestName = 32;
constexpr std::size_t kLongestClosed = 24;  // In ftfy.

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_ascii_letter(char32_t c) { return (c | 0x20U) >= U'a' && (c | 0x20U) <= U'z'; }
bool is_hex_digit(char32_t c) {
    return is_digit(c) || ((c | 0x20U) >= U'a' && (c | 0x20U) <= U'f');
}

/// What a number stands for; nothing if it is no character.
std::u32string character_of_number(std::uint32_t code) {
    if (code == 0) { return {kReplacement}; }
    if (code == 0x0D) { return {U'\r'}; }
    if (code >= 0x80 && code <= 0x9F) { return {meant_by_control(code)}; }
    if ((code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) { return {kReplacement}; }
    const bool is_control = (code < 0x09) || code == 0x0B || (code >= 0x0E && code < 0x20) ||
                            code == 0x7F || (code >= 0xFDD0 && code < 0xFDF0) ||
                            (code & 0xFFFEU) == 0xFFFE;
    return is_control ? std::u32string() : std::u32string{static_cast<char32_t>(code)};
}

/// A reference at the front of a text: its length, and what it stands for.
struct Reference {
    std::size_t length = 0;
    std::u32string text;
};

/// "&#38;", "&#x26;"; the semicolon may be missing.
std::optional<Reference> numbered_reference(std::u32string_view text) {
    const bool is_hex = text.size() > 2 && (text[2] | 0x20U) == U'x';
    const std::size_t begin = is_hex ? 3 : 2;
    auto end = begin;
    std::uint32_t code = 0;
    constexpr std::uint32_t too_large = 0x110000;
    while (end < text.size() && (is_hex ? is_hex_digit(text[end]) : is_digit(text[end]))) {
        const auto c = text[end++];
        const auto digit = is_digit(c) ? c - U'0' : (c | 0x20U) - U'a' + 10;
        code = std::min(too_large, code * (is_hex ? 16U : 10U) + digit);
    }
    if (end == begin) { return std::nullopt; }
    if (end < text.size() && text[end] == U';') { ++end; }
    return Reference{end, character_of_number(code)};
}

/// The text of the entity called so; null if none is.
const std::u32string* entity_called(std::u32string_view name) {
    const bool is_plain = std::ranges::all_of(name, [](char32_t c) { return c < 0x80; });
    if (!is_plain) { return nullptr; }
    const auto& entities = character_tables().entities;
    const auto found = entities.find(std::string(name.begin(), name.end()));
    return found == entities.end() ? nullptr : &found->second;
}

/// "&amp;", or the longest name without a semicolon that stands there: "&ampere" is "&ere".
std::optional<Reference> named_reference(std::u32string_view text) {
    const auto ends_name = [](char32_t c) {
        return c == U'\t' || c == U'\n' || c == U'\f' || c == U' ' || c == U'<' || c == U'&' ||
               c == U'#' || c == U';';
    };
    std::size_t end = 1;
    while (end < text.size() && end <= kLongestName && !ends_name(text[end])) { ++end; }
    if (end < text.size() && text[end] == U';' && end > 1) { ++end; }
    for (auto length = end - 1; length > 0; --length) {
        const auto* const found = entity_called(text.substr(1, length));
        if (found != nullptr && (length == end - 1 || length > 1)) {
            return Reference{length + 1, *found};
        }
    }
    return std::nullopt;
}

/// The entity whose name in capitals this is: "EACUTE;". Nothing where HTML would read part of it.
std::optional<std::u32string> in_capitals(std::u32string_view name) {
    const bool has_small =
        std::ranges::any_of(name, [](char32_t c) { return c >= U'a' && c <= U'z'; });
    const auto small = lower_case(name);
    const auto* const found = has_small ? nullptr : entity_called(small);
    if (found == nullptr || named_reference(U"&" + std::u32string(name))) { return std::nullopt; }
    const auto& capitals = character_tables().capitals;
    const auto capital = capitals.find(*found);
    return capital == capitals.end() ? *found : capital->second;
}

/// What ftfy's pattern finds at the front of `text`; nothing if it is to stay.
std::optional<Reference> closed_reference(std::u32string_view text) {
    std::size_t end = 1;
    const bool is_number = text.size() > 1 && text[1] == U'#';
    if (is_number) { ++end; }
    const auto begin = end;
    while (end < text.size() && end - begin < kLongestClosed &&
           (is_digit(text[end]) || is_ascii_letter(text[end]))) {
        ++end;
    }
    if (end == begin || end == text.size() || text[end] != U';') { return std::nullopt; }
    ++end;
    if (is_number) {
        auto decoded = without_entities(text.substr(0, end));
        const bool has_more = decoded.find(U';') != decoded.npos;
        return has_more ? std::nullopt : std::optional(Reference{end, std::move(decoded)});
    }
    const auto name = text.substr(1, end - 1);
    if (const auto* const found = entity_called(name)) { return Reference{end, *found}; }
    if (auto found = in_capitals(name)) { return Reference{end, *std::move(found)}; }
    return std::nullopt;
}

/// `text` with what `find` finds at each ampersand.
template <class Find>
std::u32string replaced_references(std::u32string_view text, const Find& find) {
    std::u32string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto next = std::min(text.find(U'&'), text.size());
        result += text.substr(0, next);
        text.remove_prefix(next);
        if (text.empty()) { break; }
        if (const std::optional<Reference> found = find(text)) {
            result += found->text;
            text.remove_prefix(found->length);
        } else {
            result += U'&';
            text.remove_prefix(1);
        }
    }
    return result;
}

}  // namespace

char32_t meant_by_control(char32_t code) {
    constexpr std::array<char32_t, 32> meant{
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    return meant[code - 0x80];
}

std::u32string without_entities(std::u32string_view text) {
    return replaced_references(text, [](std::u32string_view rest) {
        const bool is_number = rest.size() > 1 && rest[1] == U'#';
        return is_number ? numbered_reference(rest) : named_reference(rest);
    });
}

std::u32string without_closed_entities(std::u32string_view text) {
    return replaced_references(text, closed_reference);
}

}  // namespace patchead::inline backbone_detail
