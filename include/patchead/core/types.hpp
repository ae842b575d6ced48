#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// \file
/// \brief The values that travel from image to table cell.
///
/// Plain data, standard library only: every layer may include this file, and this file includes
/// no layer. A value is complete when constructed and is not changed afterwards.

namespace patchead {

/// Patches of one image, as rows and columns.
struct Grid {
    int rows = 0;
    int cols = 0;

    [[nodiscard]] int size() const { return rows * cols; }
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

/// An image as a network takes it. Shape: `values[3, side, side]`, RGB, resized and normalised.
struct NetworkInput {
    int side_px = 0;
    std::vector<float> values;
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
/// 180 degrees about the image centre.
enum class Version : std::uint8_t { original = 0, aligned = 1, rotated = 2 };

/// What a backbone made of some images.
///
/// Shapes: `embeddings[n, L, D]` and `attention[n, L]`, with n images in the order of `ids`,
/// L = grid.size() patches row by row, and D = dim channels.
/// Units: activations as the network gave them, not normalised; attention is the mean over heads
/// of the last block's softmax row of the class token, patch columns only, not renormalised. It is
/// empty for a backbone that gives none. Rows of one id are versions of one image.
struct FeatureBlock {
    Grid grid;
    int dim = 0;
    std::vector<std::string> ids;
    std::vector<float> embeddings;
    std::vector<float> attention;
    std::vector<Version> versions{};  ///< Of each row; empty: all are originals.

    [[nodiscard]] std::size_t images() const { return ids.size(); }
    [[nodiscard]] Version version(std::size_t row) const {
        return versions.empty() ? Version::original : versions[row];
    }
    /// Embeddings of image `image`. Shape: `[L, D]`.
    [[nodiscard]] std::span<const float> embedding(std::size_t image) const {
        const auto size = static_cast<std::size_t>(grid.size()) * static_cast<std::size_t>(dim);
        return std::span(embeddings).subspan(image * size, size);
    }
    /// Attention of image `image`. Shape: `[L]`.
    [[nodiscard]] std::span<const float> attention_of(std::size_t image) const {
        const auto size = static_cast<std::size_t>(grid.size());
        return std::span(attention).subspan(image * size, size);
    }
};

/// Similarity of every patch of some query images to each of some reference images.
///
/// Shape: `similarity[q, r, L]`: for patch l of query q, the extreme cosine over all patches of
/// reference r: the largest one (`nearest`, readings A and B) or the smallest one (`farthest`,
/// readings C and D). Where query and reference are the same image, in whatever version, the entry
/// is NaN and is never read. Everything later (shots, K_P, rho, readings, masking) is a reduction
/// of this value.
struct MatchTensor {
    Grid grid;
    std::vector<std::string> query_ids;
    std::vector<std::string> reference_ids;
    std::vector<float> similarity;
    std::vector<Version> query_versions{};      ///< Of each query; empty: all are originals.
    std::vector<Version> reference_versions{};  ///< Of each reference; empty: all are originals.

    [[nodiscard]] Version version_of_query(std::size_t query) const {
        return query_versions.empty() ? Version::original : query_versions[query];
    }
    [[nodiscard]] Version version_of_reference(std::size_t reference) const {
        return reference_versions.empty() ? Version::original : reference_versions[reference];
    }

    /// Shape: `[L]`.
    [[nodiscard]] std::span<const float> row(std::size_t query, std::size_t reference) const {
        const auto size = static_cast<std::size_t>(grid.size());
        return std::span(similarity)
            .subspan((query * reference_ids.size() + reference) * size, size);
    }
};

/// Anomaly scores of some images. Higher is more anomalous.
/// Shapes: `patches[n, L]` (m of the paper's Eq. (3)) and `images[n]` (S of Eq. (4)).
struct PatchScores {
    Grid grid;
    std::vector<std::string> ids;
    std::vector<float> patches;
    std::vector<float> images;

    /// Shape: `[L]`.
    [[nodiscard]] std::span<const float> of(std::size_t image) const {
        const auto size = static_cast<std::size_t>(grid.size());
        return std::span(patches).subspan(image * size, size);
    }
};

/// A metric's value: a fraction in [0, 1], or NaN with the reason why it is undefined.
struct MetricValue {
    std::string name;
    double value = 0;
    std::string reason;  ///< Empty unless the value is NaN.
};

/// All metrics of one ablation point on one category, in the order of the registry.
using MetricSet = std::vector<MetricValue>;

}  // namespace patchead
