#pragma once

#include <filesystem>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief A user's own images, in folders that may lie anywhere.

namespace patchead {

/// Where a user's own images are; the values of `--normal-dir` and its companions.
struct UserFolders {
    std::filesystem::path normal;       ///< Normal images.
    std::filesystem::path abnormal;     ///< Defective images, all of them test images.
    std::filesystem::path masks;        ///< `<stem>[_mask].*` of each; empty: there are none.
    std::filesystem::path normal_test;  ///< Normal test images; empty: a quarter of `normal`.
};

/// The samples of one category "folder" of the data set "folder", in layout "normal-abnormal".
///
/// Without `normal_test`, `ceil(n / 4)` of the n normal images are tested and the others are the
/// pool of prompts: the first of `shuffled(n, Random("folder", 42))` over the names in bytewise
/// order. A note says how many images of `abnormal` have no mask: then there are no pixel-level
/// metrics.
/// Throws DataError if a folder is missing or has no image, if two of them are the same folder, or
/// if a mask has no image.
///
/// For folders inside one data root, `index_dataset("folder", ...)` does the same for
/// `[<category>/]{normal,abnormal[,mask][,normal_test]}`, and takes an MVTec layout too.
[[nodiscard]] DatasetIndex index_folders(const UserFolders& folders);

}  // namespace patchead
