#pragma once

#include <string>
#include <string_view>

namespace patchead::inline backbone_detail {

/// What ftfy's fix_text() makes of a text, but for its repair of texts that were decoded wrongly
/// ("schÃ¶n" stays): entities, controls, ligatures, widths, quotes, ends of lines, escapes of
/// terminals, Normalization Form C. A text that is still changing after 64 rounds stays as it is
/// then.
/// Source: rspeer/python-ftfy 6.3.1, ftfy/__init__.py, fixes.py, chardata.py.
[[nodiscard]] std::u32string fixed_text(std::u32string_view text);

/// A text as CLIP's tokenizer takes it apart: fixed, without entities of HTML, white space single,
/// in lower case.
/// Source: mlfoundations/open_clip, tokenizer.py, _clean_lower.
[[nodiscard]] std::u32string cleaned_text(std::u32string_view text);

}  // namespace patchead::inline backbone_detail
