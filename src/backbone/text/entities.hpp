#pragma once

#include <string>
#include <string_view>

namespace patchead::inline backbone_detail {

/// What a byte 0x80 to 0x9F, taken for a character, was meant to be: Windows-1252, or itself where
/// that has none.
[[nodiscard]] char32_t meant_by_control(char32_t code);

/// Character references of HTML decoded, as Python's html.unescape().
/// Source: WHATWG HTML, "Named character references"; CPython, Lib/html/__init__.py.
[[nodiscard]] std::u32string without_entities(std::u32string_view text);

/// As ftfy does: only those that end in a semicolon, and some in capitals ("&EACUTE;").
/// Source: rspeer/python-ftfy 6.3.1, fixes.py, unescape_html.
[[nodiscard]] std::u32string without_closed_entities(std::u32string_view text);

}  // namespace patchead::inline backbone_detail
