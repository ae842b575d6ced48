#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief What is odd inside image and mask files that can be read: a few of them are looked at.

namespace patchead {

struct LookOptions {
    std::size_t most = 8;        ///< Images without mask, and images with one, of each category.
    double truth_threshold = 0;  ///< A mask is anomalous above this.
    int threads = 1;             ///< Files read at a time.
};

/// Sentences for the user, category by category: 16-bit images that use few levels, Exif
/// orientations, masks in lossy files or with soft edges, masks that are empty or cover nearly all
/// of their image.
///
/// Of each category `most` samples without mask and `most` with one are read, evenly spaced; the
/// sentences say how many. `check_dataset` says the same of all files. A file that cannot be read
/// is passed over: whoever needs it will say so.
[[nodiscard]] std::vector<std::string> look_at_files(std::span<const Sample> samples,
                                                     const LookOptions& options);

}  // namespace patchead
