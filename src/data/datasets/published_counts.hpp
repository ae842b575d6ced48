#pragma once

#include <span>
#include <string>
#include <vector>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief Comparing what is on disk with what was published, to notice when images are missing.

namespace patchead::inline data_detail {

/// "209 train, 20 normal and 63 anomalous test images", and what else there is.
[[nodiscard]] std::string counts_text(const ImageCounts& counts);

/// One sentence for each category of `samples` whose counts are not the published ones or that is
/// not among the published, one for all that are missing, and one if no category has published
/// counts but the total of the test split is known and differs; of splits without labels one each
/// that has another number of images. `is_whole` says that no categories
/// were left out on purpose; without it nothing can be said about the missing and the total.
[[nodiscard]] std::vector<std::string> count_notes(const DatasetInfo& info,
                                                   std::span<const Sample> samples, bool is_whole);

}  // namespace patchead::inline data_detail
