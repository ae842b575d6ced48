#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief What every layout needs: samples with ids, masks by stem, the choice of categories.

namespace patchead::inline data_detail {

/// The defect type of normal images, whatever their folder is called.
inline constexpr std::string_view kGood = "good";

/// The defect type of images of a split without labels.
inline constexpr std::string_view kUnlabelled = "unlabelled";

/// Where a sample belongs; its id is made of this and the stem of its image.
struct Place {
    std::string_view dataset;
    std::string_view category;
    std::string_view split;        ///< As of a Sample.
    std::string_view defect_type;  ///< `kGood`, the defect's folder or `kUnlabelled`.
};

/// Throws DataError unless `path`, of a file or folder of a data set, can stand in results: names
/// on disk are bytes, but tables, keys and terminals take text.
void require_name(const std::filesystem::path& path);

/// A sample without mask, crop and digest; anomalous unless it is good or has no label. `stem`
/// (with `#part`) is the last part of the id. Throws DataError as `require_name`, and for a
/// category whose name is too long to name files after it.
[[nodiscard]] Sample make_sample(const Place& place, std::string_view stem,
                                 const std::filesystem::path& image);
[[nodiscard]] Sample make_sample(const Place& place, const std::filesystem::path& image);

/// Mask files of one folder by stem. Hands each out once, so that what is left has no image.
class MaskFolder {
  public:
    /// `suffix` is what a mask may carry after the stem of its image, e.g. "_mask". A folder that
    /// does not exist has no masks. Throws DataError if two masks differ in the file type alone.
    MaskFolder(std::filesystem::path folder, std::string_view suffix);

    /// The mask `<stem><suffix>.*` or `<stem>.*` of `image`, or none.
    /// Throws DataError if there are both.
    [[nodiscard]] std::optional<std::filesystem::path> take_if_any(
        const std::filesystem::path& image);

    /// The same. Throws DataError if there is none.
    [[nodiscard]] std::filesystem::path take(const std::filesystem::path& image);

    /// Throws DataError that names a mask that was not taken, if there is one.
    void require_empty() const;

  private:
    std::filesystem::path folder_;
    std::string suffix_;
    std::map<std::string, std::filesystem::path> masks_;
};

/// Gives `sample` all masks of `folder`, which are its own, in bytewise order.
/// Throws DataError if there is none.
void take_masks(const std::filesystem::path& folder, Sample& sample);

/// `present` if `wanted` is empty, else those of `present` that are wanted, in the order of
/// `present`. Throws DataError with the nearest name if a wanted one is not there.
[[nodiscard]] std::vector<std::string> chosen(const std::vector<std::string>& present,
                                              std::span<const std::string> wanted,
                                              const std::filesystem::path& root);

/// Notes, for each category, how many anomalous test images have no mask.
void add_mask_notes(DatasetIndex& index);

/// Sorts the samples by id. Throws DataError if two have one id.
void sort_by_id(std::vector<Sample>& samples);

/// Which of `n` normal images, sorted by name, are test images where a data set has no split:
/// the first ceil(n / 4) of `shuffled(n, Random(key, 42))` (core/random.hpp). The others are the
/// training images. Shape: `[n]`.
[[nodiscard]] std::vector<bool> tested_quarter(std::size_t n, std::string_view key);

}  // namespace patchead::inline data_detail
