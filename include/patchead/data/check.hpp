#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief Whether a data set on disk is whole and sound, and the paper's Table 6 from it.

namespace patchead {

/// Something to mend (an error: the data set or a part of it cannot be used) or to know of.
struct Finding {
    bool is_error = false;
    std::string text;  ///< Names the category or file.

    bool operator==(const Finding&) const = default;
};

/// From the smallest to the largest of some images, in px.
struct SizeRange {
    int least_height = 0;
    int most_height = 0;
    int least_width = 0;
    int most_width = 0;

    bool operator==(const SizeRange&) const = default;
};

struct CategoryCheck {
    std::string name;
    ImageCounts found;
    std::optional<ImageCounts> published;
    std::optional<SizeRange> sizes;  ///< Empty if no image was decoded.
};

struct DatasetCheck {
    std::string dataset;
    std::filesystem::path root;  ///< Empty, as all below but `findings`, if it has no usable index.
    std::string layout;
    std::string id_digest;
    std::vector<CategoryCheck> categories;  ///< In bytewise order.
    std::vector<Finding> findings;          ///< Errors first; within each kind sorted by sample.

    [[nodiscard]] bool has_errors() const { return !findings.empty() && findings[0].is_error; }
};

struct CheckOptions {
    bool read_files = true;  ///< False: names and counts only, no image is opened.
    int threads = 1;         ///< Files read at a time.
};

/// Checks the data set `name` as `index_dataset` finds it.
///
/// Errors: the data set cannot be indexed; a file cannot be read or decoded; a mask has not the
/// size of its image. Warnings: the notes of the index, counts unlike the published ones among
/// them; what the index left out; a defective image whose mask is empty; what `look_at_files` has
/// to say, of all files; a training image that is also a test image, or an image that a split has
/// twice, byte by byte (parts of one image with different rows are not the same).
/// The result depends neither on `threads` nor on their timing.
/// Memory: one image and one mask a thread, and a few bytes a sample.
/// Throws ConfigError for an unknown name; everything else is a finding.
[[nodiscard]] DatasetCheck check_dataset(std::string_view name,
                                         const std::filesystem::path& data_root,
                                         std::span<const std::string> categories,
                                         const CheckOptions& options);

/// Test images that are training images of their category too, byte by byte: one text a category.
/// Few files are read whole: those of one size that share their middle.
[[nodiscard]] std::vector<std::string> tested_training_images(std::span<const Sample> samples);

/// A line of Table 6: what is on disk beside what the paper has.
struct Table6Row {
    std::string title;
    PaperCounts paper;
    std::optional<PaperCounts> found;  ///< Empty if the data set is not there or not usable.
};

/// One row for each data set of the paper, in its order, from the files under `data_root`.
/// Throws DataError if `data_root` cannot be read; a data set that is not there is no error.
[[nodiscard]] std::vector<Table6Row> table6(const std::filesystem::path& data_root);

/// The rows and their sum as a Markdown table.
[[nodiscard]] std::string table6_markdown(std::span<const Table6Row> rows);

}  // namespace patchead
