#pragma once

#include <compare>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief One image of a data set: what is known of it before its files are read.

namespace patchead {

/// Pixels of an anomaly map or a mask.
struct MapSize {
    int height = 0;
    int width = 0;

    [[nodiscard]] std::size_t area() const {
        return static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    }
    bool operator==(const MapSize&) const = default;
};

/// Rows `[first, last)` of an image file that are a sample of their own (KSDD cuts its images).
struct CropRows {
    int first = 0;
    int last = 0;

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the comparison it makes.
    auto operator<=>(const CropRows&) const = default;
};

/// How much of a region is as good as all of it (sPRO; MVTec LOCO AD's `defects_config.json`).
struct Saturation {
    int level = 0;             ///< Of the pixels of mask files that it is for: a type of defect.
    double area = 0;           ///< In pixels of the mask file; no more than the region has count.
    bool is_relative = false;  ///< `area` is a share of the region instead, in (0, 1].

    bool operator==(const Saturation&) const = default;
};

/// "254=1200 255=0.5r": level, area, and "r" where it is relative; empty for none.
[[nodiscard]] std::string text_of(const std::vector<Saturation>& saturation);
/// What `text_of` wrote. Throws DataError with the part of another form.
[[nodiscard]] std::vector<Saturation> parse_saturation(std::string_view text);

/// One image of a data set, by where it lies. Made by an index of the files; nothing is decoded.
struct Sample {
    std::string id;  ///< "category/split/defect_type/stem[#part]"; the same on every machine.
    std::string dataset;
    std::string category;
    std::string split;        ///< As core/splits.hpp has them.
    std::string defect_type;  ///< "good" or the name of the defect's folder.
    bool anomalous = false;   ///< By folder, as the data set says; not derived from the mask.
    std::filesystem::path image;
    std::filesystem::path mask;    ///< Empty if there is none (then the mask is all zero).
    std::optional<CropRows> crop;  ///< In rows of the image file; applies to the mask alike.
    std::string digest;            ///< SHA-256 of the image and mask bytes; empty until asked for.
    MapSize size{};                ///< Of the image, rows cut out; 0 until asked for.
    /// What is done to its pixels once they are read, as `text_of` a Perturbation; empty: nothing.
    std::string perturbation{};

    /// Mask files beside `mask`, which is the first one: anomalous is what any of them says. For
    /// sPRO each file is one region, whether connected or not.
    std::vector<std::filesystem::path> more_masks{};
    std::vector<Saturation> saturation{};  ///< By level of the mask files; empty: not known.
    /// An anomalous image that has no mask since its defect is not seen in this view: no pixel of
    /// it is anomalous, and no mask is missing.
    bool unseen = false;
    bool upright = false;                        ///< It is turned as its Exif orientation says.
    std::shared_ptr<const std::string> bytes{};  ///< Of the image file; null: they are on the disk.
    std::string group{};  ///< What it is a view of, by a name in its category; empty: of itself.

    /// All mask files; empty if there is none.
    [[nodiscard]] std::vector<std::filesystem::path> masks() const {
        auto files = more_masks;
        if (!mask.empty()) { files.insert(files.begin(), mask); }
        return files;
    }

    bool operator==(const Sample&) const = default;
};

}  // namespace patchead
