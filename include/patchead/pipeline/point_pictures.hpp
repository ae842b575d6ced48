#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief What an ablation point leaves for the eye.

namespace patchead {

/// One anomaly map with what is needed to draw it.
struct AnomalyPicture {
    std::size_t sample = 0;  ///< In the spec's samples.
    float score = 0;         ///< Image score.
    Image image;
    Mask truth;
    MapSize size;            ///< Of the map, which covers the whole image.
    std::vector<float> map;  ///< Shape: `[size.height, size.width]`.
    float low = 0;           ///< Median of the category's patch scores.
    float high = 0;          ///< Their 99.8th percentile: one colour scale for the category.
};

/// What figures and reports need of a point: scores at the resolution of the patches.
struct PointMaps {
    Grid grid;
    std::vector<std::size_t> samples;  ///< In the spec's samples.
    std::vector<float> scores;         ///< Of the images.
    /// Shape: `[n, L]`, each spread over its whole image, which its patches may not cover exactly.
    /// With copies as queries, means over the versions that show a patch.
    std::vector<float> patches;
    /// Shape: `[n, L]`, or the shares of the object; empty unless the point is masked.
    std::vector<float> attention;
    float low = 0;  ///< As of AnomalyPicture.
    float high = 0;
};

/// An image small enough to be shipped with a report.
struct Thumbnail {
    std::size_t sample = 0;  ///< In the spec's samples.
    int height = 0;          ///< Of the image itself.
    int width = 0;
    std::string jpeg;
    std::string truth_png;  ///< Ground truth at the size of the thumbnail; empty if all is normal.
};

/// Maps of the images of one split beside the test images.
struct UnmeasuredMaps {
    std::string split;
    PointMaps maps;
    std::vector<MapSize> sizes;  ///< Of the images.
};

/// What an evaluate unit leaves for the eye.
struct PointPictures {
    std::vector<AnomalyPicture> heatmaps;  ///< Of `EvaluateUnit::pictures`, in its order.
    PointMaps maps;                        ///< Of `EvaluateUnit::recorded`, in its order.
    std::vector<Thumbnail> thumbnails;     ///< Of the same, if the unit keeps them.
    /// Of all images of `EvaluateUnit::unmeasured`, if it records any.
    std::vector<UnmeasuredMaps> unmeasured{};
};

/// Test images of a point, in the order of its tests.
struct ScoredImages {
    PointMaps recorded;                    ///< As `sweep --maps all` records them.
    std::vector<MapSize> sizes;            ///< Of the maps.
    std::vector<std::vector<float>> maps;  ///< Shape of each: `[size.height, size.width]`.
};

}  // namespace patchead
