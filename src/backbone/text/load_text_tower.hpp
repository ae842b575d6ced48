#pragma once

#include <filesystem>
#include <string_view>

#include "patchead/backbone/text.hpp"
#include "text/text_tower.hpp"

namespace patchead::inline backbone_detail {

/// A text tower in float32 and what is known of it.
struct LoadedText {
    TextInfo info;
    TextTower tower;
};

/// Throws as `load_text_encoder`.
[[nodiscard]] LoadedText load_text_tower(std::string_view family, const std::filesystem::path& file,
                                         const NamedOptions& given);

/// Whether `file` has the keys of one; of a file that cannot be read, not.
[[nodiscard]] bool has_text_tower(std::string_view family, const std::filesystem::path& file,
                                  const NamedOptions& given);

}  // namespace patchead::inline backbone_detail
