#pragma once

#include <string>
#include <string_view>

namespace patchead::inline backbone_detail {

/// The characters of a UTF-8 text. Throws DataError that names the byte if it is none.
/// Source: RFC 3629, section 4.
[[nodiscard]] std::u32string characters_of(std::string_view text);

/// `characters`, each one of Unicode and no surrogate, in UTF-8.
[[nodiscard]] std::string to_utf8(std::u32string_view characters);

}  // namespace patchead::inline backbone_detail
