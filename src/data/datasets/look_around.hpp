#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief What an index cannot know from its samples: what else lies on disk, and how.

namespace patchead::inline data_detail {

/// Adds to `index` what of `root` it left out, and notes for the layouts that are recognised.
/// `is_whole`: false if its categories were chosen; then others are no matter.
/// Throws DataError if a layout was misread, so that labels would be wrong.
void look_around(const std::filesystem::path& root, const DatasetInfo& info, bool is_whole,
                 DatasetIndex& index);

/// The layout that `root` seems to have, and the mend; empty if it is none that is known.
[[nodiscard]] std::string name_layout(const std::filesystem::path& root, const DatasetInfo& info);

/// Throws DataError if one file is both a training and a test image of a category, or both normal
/// and defective, through a link to a folder, say. Parts of one image are different files.
void require_apart(std::span<const Sample> samples);

}  // namespace patchead::inline data_detail
