#include "patchead/core/user_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <sstream>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kShownBytes = 80;  // Of a line that is no text.

std::uint8_t byte_at(std::string_view text, std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0;
}

bool is_within(std::uint8_t byte, int least, int most) { return byte >= least && byte <= most; }

/// Bytes of the character in front of `text`, which is not empty; 0 if there is none.
/// Source: RFC 3629, section 4.
std::size_t character_size(std::string_view text) {
    const auto first = byte_at(text, 0);
    const auto second = byte_at(text, 1);
    const auto continues = [&](std::size_t i) { return is_within(byte_at(text, i), 0x80, 0xBF); };
    if (first < 0x80) { return 1; }
    if (is_within(first, 0xC2, 0xDF)) { return continues(1) ? 2 : 0; }
    if (is_within(first, 0xE0, 0xEF)) {
        const bool fits =
            is_within(second, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
        return fits && continues(2) ? 3 : 0;
    }
    if (is_within(first, 0xF0, 0xF4)) {
        const bool fits =
            is_within(second, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
        return fits && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

/// Whether all of it is UTF-8, and none of it NUL.
bool is_text(std::string_view text) {
    while (!text.empty()) {
        const auto size = character_size(text);
        if (size == 0 || text.front() == '\0') { return false; }
        text.remove_prefix(size);
    }
    return true;
}

/// Of C0, DEL, and C1, to which terminals listen, too.
bool is_control(std::string_view character) {
    const auto first = byte_at(character, 0);
    return first < 0x20 || first == 0x7F || (first == 0xC2 && byte_at(character, 1) < 0xA0);
}

std::string escaped_byte(char c) {
    if (c == '\n') { return "\\n"; }
    if (c == '\t') { return "\\t"; }
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02X", static_cast<unsigned char>(c));
    return text;
}

std::string escaped(std::string_view text, std::string_view kept) {
    std::string result;
    while (!text.empty()) {
        const auto size = character_size(text);
        const auto character = text.substr(0, std::max<std::size_t>(size, 1));
        text.remove_prefix(character.size());
        if (size > 0 && (!is_control(character) || kept.find(character) != kept.npos)) {
            result += character;
        } else {
            for (const char c : character) { result += escaped_byte(c); }
        }
    }
    return result;
}

bool is_blank(char c) { return kBlanks.find(c) != kBlanks.npos; }

/// Reads the quoted part at `at`, behind its first quote; returns the place behind its last one.
std::size_t read_quoted(std::string_view text, std::size_t at, std::string& word) {
    for (; at < text.size() && text[at] != '"'; ++at) {
        const auto next = at + 1 < text.size() ? text[at + 1] : ' ';
        if (text[at] == '\\' && (next == '"' || next == '\\')) { ++at; }
        word += text[at];
    }
    require<ConfigError>(at < text.size(), "a quote is not closed in '", text,
                         "'; close it, or write \\\" for a quote inside quotes");
    return at + 1;
}

/// Reads the word at `at`; returns the place behind it.
std::size_t read_word(std::string_view text, std::size_t at, std::string& word) {
    for (char before = '='; at < text.size() && !is_blank(text[at]);) {
        const bool opens = text[at] == '"' && before == '=';
        before = text[at];
        at = opens ? read_quoted(text, at + 1, word) : at + 1;
        if (!opens) { word += before; }
    }
    return at;
}

}  // namespace

std::string escaped_name(std::string_view text) { return escaped(text, ""); }

std::string printable(std::string_view message) { return escaped(message, "\n"); }

std::string fault_of_name(std::string_view name) {
    while (!name.empty()) {
        const auto size = character_size(name);
        if (size == 0) { return "it is not UTF-8"; }
        if (is_control(name.substr(0, size))) { return "it holds a control character"; }
        name.remove_prefix(size);
    }
    return "";
}

std::string plain_text(std::string_view text, const std::string& file) {
    require<ConfigError>(!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF"), "'", file,
                         "' is UTF-16 (as Notepad's \"Unicode\"); save it as UTF-8");
    if (text.starts_with(kByteOrderMark)) { text.remove_prefix(kByteOrderMark.size()); }
    std::string plain;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto line = text.substr(0, text.find('\n'));
        const bool is_whole = line.size() < text.size();
        text.remove_prefix(line.size() + (is_whole ? 1 : 0));
        if (line.ends_with('\r')) { line.remove_suffix(1); }
        require<ConfigError>(is_text(line), "'", file, "' line ", number, " '",
                             escaped_name(line.substr(0, kShownBytes)),
                             "' cannot be read (it is not UTF-8 text); save it as UTF-8");
        plain.append(line).append(is_whole ? "\n" : "");
    }
    return plain;
}

std::vector<TextLine> lines_of(std::string_view text, const std::string& file) {
    std::istringstream in(plain_text(text, file));
    std::vector<TextLine> lines;
    for (std::string line; std::getline(in, line);) { lines.push_back({lines.size() + 1, line}); }
    return lines;
}

WrittenValue::WrittenValue(std::string_view text) {
    std::size_t end = 0;  // Of the word before.
    for (std::size_t at = 0; at < text.size();) {
        if (is_blank(text[at])) {
            ++at;
            continue;
        }
        has_comment_ = text[at] == '#' && (at + 1 == text.size() || is_blank(text[at + 1]));
        if (has_comment_) { return; }
        if (!words_.empty()) { text_ += text.substr(end, at - end); }
        words_.emplace_back();
        at = end = read_word(text, at, words_.back());
        text_ += words_.back();
    }
}

std::string quoted_word(const std::string& word) {
    const bool is_plain = !word.empty() && word.find_first_of(" \t\"") == word.npos && word != "#";
    if (is_plain) { return word; }
    std::string text = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\') { text += '\\'; }
        text += c;
    }
    return text + '"';
}

std::string shell_word(const std::string& word) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_-+=:,./@%").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, is_plain)) { return word; }
    std::string text = "'";
    for (const char c : word) {
        if (c == '\'') {
            text += "'\\''";
        } else {
            text += c;
        }
    }
    return text + '\'';
}

}  // namespace patchead
