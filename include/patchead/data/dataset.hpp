#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/data/left_out.hpp"

/// \file
/// \brief Data sets: from a folder on disk to a list of samples.

namespace patchead {

/// How many images there are. A defective training image (DAGM has them) counts as `train`.
struct ImageCounts {
    int train = 0;
    int test_normal = 0;
    int test_anomalous = 0;
    int validation = 0;  ///< Normal images that are neither.
    int unlabelled = 0;  ///< Of all splits without labels.

    bool operator==(const ImageCounts&) const = default;
};

/// A category of a data set as published. `images` is empty where no numbers were published.
struct PublishedCategory {
    std::string_view name;
    std::optional<ImageCounts> images;
    int width_px = 0;  ///< Of all images alike; 0 if they differ or it is not known.
    int height_px = 0;
    int unlabelled = 0;  ///< Images in each of DatasetInfo::unlabelled.
};

/// A line of the paper's Table 6. `kind` is "object", "texture" or "object+texture".
struct PaperCounts {
    std::string_view kind;
    int categories = 0;
    int test_normal = 0;
    int test_anomalous = 0;
};

/// What is known about a data set before any of it is on disk. `docs/datasets.md` says more.
struct DatasetInfo {
    std::string_view source;                        ///< Where to get it.
    std::string_view licence;                       ///< And how sure that is.
    std::string_view citation;                      ///< Authors, title, venue.
    std::string_view tree;                          ///< The expected folders, in one line.
    std::span<const PublishedCategory> categories;  ///< Empty: whatever folders there are.
    std::optional<PaperCounts> paper;               ///< Empty: no set of the paper.
    bool aligned = true;  ///< Whether PatchEAD+ aligns here; the paper only masks on MPDD and BTAD.
    std::optional<ImageCounts> totals{};  ///< Published, where those of the categories were not.
    std::span<const std::string_view> unlabelled{};  ///< Splits without labels.
};

/// All samples of a data set, of both splits, and how they were found.
struct DatasetIndex {
    std::string dataset;
    std::filesystem::path root;      ///< The data set's own folder.
    std::string layout;              ///< Which variant of the layout, e.g. "mvtec".
    std::vector<Sample> samples;     ///< Sorted bytewise by id.
    std::vector<std::string> notes;  ///< What a user should know, e.g. counts unlike the published.
    std::vector<LeftOut> left_out{};  ///< Images that lie there and are no samples.
    /// What is left out on purpose and not to be told: masks of good images.
    std::vector<std::filesystem::path> ignored{};
};

/// A data set as the harness knows it: how its files lie on disk. Holds no state.
class Dataset {
  public:
    virtual ~Dataset() = default;

    [[nodiscard]] virtual const DatasetInfo& info() const = 0;

    /// Whether `root` looks like the data set's own folder: the cheapest test that a folder one
    /// level higher or lower does not pass, nor another data set of the same layout.
    /// Throws DataError if a folder cannot be listed.
    [[nodiscard]] virtual bool recognises(const std::filesystem::path& root) const = 0;

    /// Finds the samples of `categories` (all if empty) under `root`, the data set's own folder.
    ///
    /// `name` is what the samples say as their `dataset`. Image and mask are paired by stem, hidden
    /// and foreign files skipped. Images are decoded only where the split depends on them (KSDD).
    /// `index_dataset` sorts the samples and compares their counts with the published ones.
    /// Throws DataError if the folder, a category or a needed part is missing, if a mask has no
    /// image, or if a defective image of a published set has no mask; the message names the path
    /// and the mend.
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

/// The data set's own folder: `data_root/<usual folder names>` or `data_root` itself; empty if
/// neither has its layout. Throws DataError if `data_root` is no folder that may be read.
[[nodiscard]] std::filesystem::path find_dataset(const DatasetEntry& entry,
                                                 const std::filesystem::path& data_root);

/// The same for the data set `name`. Throws ConfigError for an unknown name and DataError that says
/// what to pass instead if it is not there.
[[nodiscard]] std::filesystem::path dataset_root(std::string_view name,
                                                 const std::filesystem::path& data_root);

/// The samples of data set `name` in `dataset_root(name, data_root)`, sorted by id; the notes say
/// where the counts differ from the published ones and what layout the tree seems to have.
/// Throws as `dataset_root` and Dataset::index; the message names the layout if it is a known one.
/// Throws DataError too if a file is both a training and a test image, or normal and defective.
[[nodiscard]] DatasetIndex index_dataset(std::string_view name,
                                         const std::filesystem::path& data_root,
                                         std::span<const std::string> categories);

/// One sentence for people: which variant of the layout was found where, and how much of it.
[[nodiscard]] std::string describe(const DatasetIndex& index);

/// Images by category. Parts of a cut image count one each.
[[nodiscard]] std::map<std::string, ImageCounts> count_images(std::span<const Sample> samples);

/// The sum over all categories.
[[nodiscard]] ImageCounts count_all(std::span<const Sample> samples);

/// SHA-256 over the ids in sorted order: says whether two runs saw the same split.
[[nodiscard]] std::string id_digest(std::span<const Sample> samples);

/// What `Sample::digest` holds: `digest_of` the SHA-256 of the image file and of its mask
/// files. Throws DataError that names the file if one cannot be read.
[[nodiscard]] std::string sample_digest(const Sample& sample);

}  // namespace patchead
