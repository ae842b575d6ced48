#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief VisA as its archive unpacks: `<object>/Data/{Images/{Normal,Anomaly},Masks/Anomaly}`.
///
/// Defective images have the type "bad", as in the prepared 1cls tree, so that both layouts give
/// the same ids. Mask values are classes of defects (1, 2, ...), not 255.

namespace patchead::inline data_detail {

/// Whether `root/split_csv/1cls.csv` is there.
[[nodiscard]] bool has_visa_split(const std::filesystem::path& root);

/// Those of `known` that are raw objects in `root`.
[[nodiscard]] std::vector<std::string> raw_visa_objects(const std::filesystem::path& root,
                                                        std::span<const PublishedCategory> known);

/// The samples of the split file, as far as the folders of their objects are there.
/// Throws DataError if the file is not as it should be, if an image or mask that it names is
/// missing, or if there is a mask that it does not name.
[[nodiscard]] DatasetIndex index_visa_split(std::string_view name,
                                            const std::filesystem::path& root,
                                            std::span<const std::string> categories);

/// The samples of `objects` without a split file: normal images are training images, defective ones
/// test images. No number from it can be taken for a published one; a note says what is missing.
[[nodiscard]] DatasetIndex index_visa_unsplit(std::string_view name,
                                              const std::filesystem::path& root,
                                              const std::vector<std::string>& objects,
                                              std::span<const std::string> categories);

}  // namespace patchead::inline data_detail
