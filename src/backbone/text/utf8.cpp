#include "text/utf8.hpp"

#include <cstdint>
#include <iomanip>

#include "patchead/core/error.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Characters of `bytes` bytes are these at least.
char32_t least_of(std::size_t bytes) {
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return least[bytes];
}

/// Bytes of the character that begins with `lead`; 0 if none does.
std::size_t utf8_size(std::uint8_t lead) {
    if (lead < 0x80) { return 1; }
    if (lead < 0xC2) { return 0; }
    if (lead < 0xE0) { return 2; }
    if (lead < 0xF0) { return 3; }
    return lead < 0xF5 ? 4 : 0;
}

bool is_character(char32_t code) {
    return code < 0x110000 && (code < 0xD800 || code >= 0xE000);  // No surrogates.
}

[[noreturn]] void refuse_byte(std::string_view text, std::size_t place) {
    std::ostringstream byte;
    byte << std::hex << std::uppercase << std::setw(2) << std::setfill('0')
         << int{static_cast<std::uint8_t>(text[place])};
    throw DataError(concat("a text of ", text.size(), " bytes is not UTF-8 (byte 0x", byte.str(),
                           " at place ", place, "); save it as UTF-8"));
}

}  // namespace

std::u32string characters_of(std::string_view text) {
    std::u32string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<std::uint8_t>(text[i]);
        const auto size = utf8_size(lead);
        if (size == 0 || size > text.size() - i) { refuse_byte(text, i); }
        char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
        for (std::size_t k = 1; k < size; ++k) {
            const auto next = static_cast<std::uint8_t>(text[i + k]);
            if ((next & 0xC0U) != 0x80) { refuse_byte(text, i); }
            code = code << 6 | (next & 0x3FU);
        }
        if (code < least_of(size) || !is_character(code)) { refuse_byte(text, i); }
        result += code;
        i += size;
    }
    return result;
}

std::string to_utf8(std::u32string_view characters) {
    std::string result;
    result.reserve(characters.size());
    for (const auto code : characters) {
        const auto tail = [&](int shift) {
            result += static_cast<char>(0x80U | (code >> shift & 0x3FU));
        };
        if (code < 0x80) {
            result += static_cast<char>(code);
        } else if (code < 0x800) {
            result += static_cast<char>(0xC0U | code >> 6);
            tail(0);
        } else if (code < 0x10000) {
            result += static_cast<char>(0xE0U | code >> 12);
            tail(6);
            tail(0);
        } else {
            result += static_cast<char>(0xF0U | code >> 18);
            tail(12);
            tail(6);
            tail(0);
        }
    }
    return result;
}

}  // namespace patchead::inline backbone_detail
