#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief Splits in JSON as Real-IAD has them, one file a category.
///
///     {"meta": {"prefix": "<category>/", "normal_class": "OK"},
///      "train": [{"category": ..., "anomaly_class": ..., "image_path": ..., "mask_path": ...}],
///      "test": [...]}
///
/// Paths are relative to the prefix, which is relative to the folder of images. An image is normal
/// if its `anomaly_class` is `normal_class`, whatever its mask. A `mask_path` of null, or none, of
/// an anomalous image says that its defect is not seen in this view.
/// `sample` (ours, may be left out) names what the image is a view of; without it, names of views
/// as Real-IAD's count: "<sample>_C<view>_<time>.jpg".

namespace patchead::inline data_detail {

/// How samples of split files are made.
struct JsonRules {
    bool ids_by_stem = false;  ///< Names of files are unique in a category; else ids have paths.
    bool is_contaminated = false;  ///< All training images count as normal, whatever they show.
};

/// The category of a split file and the file.
struct JsonCategory {
    std::string name;
    std::filesystem::path file;
};

/// The files `<folder>/<category>.json`, in bytewise order; none if there is no such folder.
[[nodiscard]] std::vector<JsonCategory> json_categories(const std::filesystem::path& folder);

/// Adds the samples of `categories`, whose images lie below `images`, and notes: how many images
/// are anomalous without a mask, lie there and are in no split, are views of one sample in both
/// splits. Throws DataError that names the file and the entry if one is not of that form, names a
/// file that is not there, or leaves `images`.
void index_json_splits(std::span<const JsonCategory> categories,
                       const std::filesystem::path& images, const JsonRules& rules,
                       DatasetIndex& index);

}  // namespace patchead::inline data_detail
