#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// \file
/// \brief Images, where they lie, and where one lies in another: what goes into a backbone.

namespace patchead {

/// Patches of one image, as rows and columns.
struct Grid {
    int rows = 0;
    int cols = 0;

    [[nodiscard]] int size() const { return rows * cols; }
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the comparison it makes.
    auto operator<=>(const Grid&) const = default;
};

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

/// One image of a data set, by where it lies. Made by an index of the files; nothing is decoded.
struct Sample {
    std::string id;  ///< "category/split/defect_type/stem[#part]"; the same on every machine.
    std::string dataset;
    std::string category;
    std::string split;        ///< "train" or "test".
    std::string defect_type;  ///< "good" or the name of the defect's folder.
    bool anomalous = false;   ///< By folder, as the data set says; not derived from the mask.
    std::filesystem::path image;
    std::filesystem::path mask;    ///< Empty if there is none (then the mask is all zero).
    std::optional<CropRows> crop;  ///< In rows of the image file; applies to the mask alike.
    std::string digest;            ///< SHA-256 of the image and mask bytes; empty until asked for.
    MapSize size{};                ///< Of the image, rows cut out; 0 until asked for.
    /// What is done to its pixels once they are read, as `text_of` a Perturbation; empty: nothing.
    std::string perturbation{};
    bool upright = false;                        ///< It is turned as its Exif orientation says.
    std::shared_ptr<const std::string> bytes{};  ///< Of the image file; null: they are on the disk.

    bool operator==(const Sample&) const = default;
};

/// Eight-bit RGB pixels. Shape: `rgb[height, width, 3]`.
struct Image {
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> rgb;
};

/// Which pixels are anomalous. Shape: `anomalous[height, width]`, values 0 or 1.
struct Mask {
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> anomalous;
};

/// An image as a network takes it. Shape: `values[3, height, width]`, RGB, resized and normalised.
struct NetworkInput {
    int height = 0;
    int width = 0;
    std::vector<float> values;
};

/// Where the patches of an image lie in it.
struct InputShape {
    MapSize resized;   ///< The whole image, as it is resized for a network.
    Grid grid;         ///< Its patches, from the upper left corner on: they may end before the
                       ///< image does (it is cropped) or after (it is padded).
    int patch_px = 0;  ///< Side of a patch.

    /// What the network sees.
    [[nodiscard]] MapSize input() const { return {grid.rows * patch_px, grid.cols * patch_px}; }
    bool operator==(const InputShape&) const = default;
};

/// Where the points of one image lie in another.
///
/// Unit: the side of the image, whatever its pixels: (0, 0) is the upper left corner, (1, 1) the
/// lower right one. A point (x, y) of the source comes to lie at
/// (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]) of the target.
struct Transform {
    std::array<double, 6> m{1, 0, 0, 0, 1, 0};

    bool operator==(const Transform&) const = default;
};

/// How one image was brought into the position of another, and why (not).
struct Alignment {
    Transform transform;  ///< From source to target; the identity unless accepted.
    bool accepted = false;
    std::string method;  ///< Which estimator proposed what was accepted; empty if none.
    int matches = 0;     ///< Keypoint matches that passed the ratio test; 0 without keypoints.
    int inliers = 0;     ///< Of them, those that fit the transform.
    double scale = 1;    ///< As estimated, before it was set to 1; within [0.9, 1.1] if accepted.
    double ncc_before = 0;  ///< Zero-mean normalised cross-correlation with the target, in [-1, 1].
    double ncc_after = 0;   ///< The same after the warp; ncc_before where nothing was accepted.

    bool operator==(const Alignment&) const = default;
};

/// Which version of an image: itself, warped into the position of another image, or that turned by
/// 180 degrees about the image centre; or itself turned (by degrees, anticlockwise) or flipped.
enum class Version : std::uint8_t {
    original = 0,
    aligned = 1,
    rotated = 2,
    turned_45 = 3,
    turned_90 = 4,
    turned_135 = 5,
    turned_180 = 6,
    turned_225 = 7,
    turned_270 = 8,
    turned_315 = 9,
    flipped_across = 10,  ///< Left is right.
    flipped_down = 11     ///< Above is below.
};

/// The last one.
inline constexpr auto kLastVersion = Version::flipped_down;

/// Whether a version needs nothing but the image itself: it is turned or flipped.
[[nodiscard]] constexpr bool is_fixed(Version version) { return version > Version::rotated; }

}  // namespace patchead
