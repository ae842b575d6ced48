#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace patchead::inline backbone_detail {

/// Start and end of a text as a text itself may have them.
using SpecialNames = std::array<std::u32string_view, 2>;

/// The pieces of a cleaned text whose bytes are merged by themselves: special names, "'s" and the
/// like, runs of letters, single numbers, runs of what is none of these. White space is left out.
/// Source: openai/CLIP, simple_tokenizer.py, the pattern; mlfoundations/open_clip, tokenizer.py.
[[nodiscard]] std::vector<std::u32string_view> pieces_of(std::u32string_view text,
                                                         const SpecialNames& special);

}  // namespace patchead::inline backbone_detail
