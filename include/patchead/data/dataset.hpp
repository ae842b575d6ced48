#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Data sets: from a folder on disk to a list of samples.

namespace patchead {

/// All samples of a data set, of both splits, and how they were found.
struct DatasetIndex {
    std::string dataset;
    std::filesystem::path root;      ///< The folder in which the categories were found.
    std::string layout;              ///< Which variant of the layout, e.g. "mvtec".
    std::vector<Sample> samples;     ///< Sorted bytewise by id.
    std::vector<std::string> notes;  ///< What a user should know, e.g. counts unlike the official.
};

/// A data set as the harness knows it: how its files lie on disk. Holds no state.
class Dataset {
  public:
    virtual ~Dataset() = default;

    /// Whether `root` looks like the data set's own folder: the cheapest test that a folder one
    /// level higher or lower does not pass. Throws DataError if a folder cannot be listed.
    [[nodiscard]] virtual bool recognises(const std::filesystem::path& root) const = 0;

    /// Finds the samples of `categories` (all if empty) under `root`. Decodes nothing.
    ///
    /// `name` is what the samples say as their `dataset`; `root` is the data set's own folder.
    /// The order is bytewise, image and mask are paired by stem, hidden and foreign files skipped.
    /// Throws DataError if the folder, a category or a needed part is missing, if a mask has no
    /// image or a defective image has no mask; the message names the path and the mend.
    [[nodiscard]] virtual DatasetIndex index(std::string_view name,
                                             const std::filesystem::path& root,
                                             std::span<const std::string> categories) const = 0;
};

/// A line of the table of data sets, `src/data/datasets.def`.
struct DatasetEntry {
    std::string_view name;                    ///< In options and result files, e.g. "mvtec".
    std::string_view title;                   ///< In tables, e.g. "MVTec".
    std::span<const std::string_view> roots;  ///< Usual folder names under `--data-root`.
    const Dataset& (*get)();
};

/// All known data sets.
[[nodiscard]] std::span<const DatasetEntry> datasets();

/// The samples of data set `name`, looked for in `data_root/<usual folder names>` and then in
/// `data_root` itself. Throws ConfigError for an unknown name and DataError as Dataset::index.
[[nodiscard]] DatasetIndex index_dataset(std::string_view name,
                                         const std::filesystem::path& data_root,
                                         std::span<const std::string> categories);

/// SHA-256 over the ids in sorted order: says whether two runs saw the same split.
[[nodiscard]] std::string id_digest(std::span<const Sample> samples);

/// What `Sample::digest` holds: `digest_of` the SHA-256 of the image file and, if there is one, of
/// the mask file. Throws DataError that names the file if one cannot be read.
[[nodiscard]] std::string sample_digest(const Sample& sample);

}  // namespace patchead
