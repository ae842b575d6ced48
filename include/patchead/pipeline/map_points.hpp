#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/codec.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Maps that were made elsewhere, measured as a sweep measures its own.

namespace patchead {

/// Where the map of a test image lies.
struct MapFile {
    std::string name;  ///< For people: its path within the folder of maps.
    std::filesystem::path file;
    /// Of a file that `sweep --maps` recorded: which of its images; -1: any other file.
    std::int64_t recorded = -1;
    std::optional<float> score{};  ///< Of the image, where it is given.
};

/// A point whose maps were made elsewhere: all test images of a category, and what results call it.
struct MapPoint {
    std::string dataset;
    std::string category;
    std::string backbone;
    int image_size = 0;
    std::string sizes;
    std::string setting;
    int shots = 0;
    std::int64_t seed = 0;
    std::string modules;
    std::string detector;
    int side_px = 0;                   ///< Of the evaluation, or kNativeSide.
    std::vector<std::size_t> tests{};  ///< Samples, sorted by id.
    std::vector<MapFile> maps{};       ///< Of each test.
};

/// What makes an image's score out of its map, as it lies in the file.
struct MapScoring {
    enum class Rule : std::uint8_t {
        largest,  ///< The highest value.
        top,      ///< The mean of the highest `fraction` of values, at least one.
        given     ///< None: the score is given beside the map.
    };
    Rule rule = Rule::largest;
    double fraction = 0;  ///< Of `top`.
};

/// How maps are measured. All of it changes numbers, but for `memory`.
struct MapMeasure {
    MetricOptions metrics{};           ///< The side is that of each point.
    std::vector<std::string> names{};  ///< Of metrics, as metric_names.hpp has them.
    Resize resize = Resize::squash;
    MapScoring scoring{};
    std::size_t memory = 256'000'000;  ///< Bytes of maps kept, so that each is read once.
};

/// What became of one map.
struct MeasuredMap {
    MapFile from;
    int height = 0;  ///< Of the map.
    int width = 0;
    int measured_height = 0;  ///< To which it was interpolated, if that is another size.
    int measured_width = 0;
    float score = 0;  ///< Of the image.
    bool is_constant = false;
    std::string digest;  ///< SHA-256 of its numbers.

    [[nodiscard]] bool is_interpolated() const {
        return height != measured_height || width != measured_width;
    }
};

/// The numbers of a point.
struct MeasuredPoint {
    MetricSet metrics;
    std::vector<MeasuredMap> maps;  ///< Of each test.
};

/// Measures `point`, whose tests are numbers of `samples`: with the masks, the interpolation, the
/// smoothing and the metrics of a sweep. A map that has the evaluation's size is taken as it is.
///
/// Maps are read one after the other: memory is one map, `how.memory` and what metrics take.
/// Throws DataError that names the map or image file at fault: one that `read_map` refuses, or that
/// has height and width exchanged.
[[nodiscard]] MeasuredPoint measure_maps(std::span<const Sample> samples, const MapPoint& point,
                                         const MapMeasure& how);

template <>
struct Codec<MapFile>
    : RecordCodec<MapFile, &MapFile::name, &MapFile::file, &MapFile::recorded, &MapFile::score> {};
template <>
struct Codec<MapPoint>
    : RecordCodec<MapPoint, &MapPoint::dataset, &MapPoint::category, &MapPoint::backbone,
                  &MapPoint::image_size, &MapPoint::sizes, &MapPoint::setting, &MapPoint::shots,
                  &MapPoint::seed, &MapPoint::modules, &MapPoint::detector, &MapPoint::side_px,
                  &MapPoint::tests, &MapPoint::maps> {};

template <>
struct Codec<MeasuredPoint> {
    [[nodiscard]] static std::string encode(const MeasuredPoint& point);
    /// Throws std::logic_error.
    [[nodiscard]] static MeasuredPoint decode(std::string_view text);
};

}  // namespace patchead
