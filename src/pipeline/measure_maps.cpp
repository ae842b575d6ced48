#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "category_truth.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/map_file.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/pipeline/map_points.hpp"
#include "patchead/pipeline/recorded_maps.hpp"
#include "patchead/scoring/score.hpp"

namespace patchead {
namespace {

/// Reads the maps of a point again and again; keeps those that fit into memory.
class MapsAtHand {
  public:
    MapsAtHand(const std::vector<MapFile>& files, std::size_t memory)
        : files_(files), kept_(files.size()), left_(memory) {}

    [[nodiscard]] const FloatMap& map(std::size_t image) {
        if (kept_[image]) { return *kept_[image]; }
        auto map = read(files_[image]);
        const auto bytes = map.values.size() * sizeof(float);
        if (bytes > left_) {
            passing_ = std::move(map);
            return passing_;
        }
        left_ -= bytes;
        return kept_[image].emplace(std::move(map));
    }

  private:
    /// Of a recorded point the whole file is kept: it is one category's.
    FloatMap read(const MapFile& from) {
        if (from.recorded < 0) { return read_map(from.file); }
        if (!recorded_ || recorded_file_ != from.file) {
            recorded_ = read_recorded_maps(from.file);
            recorded_file_ = from.file;
        }
        const auto patches = recorded_->of(static_cast<std::size_t>(from.recorded));
        const auto odd = std::ranges::find_if(patches, [](float m) { return !std::isfinite(m); });
        require<DataError>(odd == patches.end(), "a patch score of '", from.name, "' is not finite",
                           " (the file was changed); record the maps again");
        return {{recorded_->grid.rows, recorded_->grid.cols}, {patches.begin(), patches.end()}};
    }

    const std::vector<MapFile>& files_;
    std::vector<std::optional<FloatMap>> kept_;
    std::size_t left_;
    FloatMap passing_;
    std::optional<RecordedMaps> recorded_;
    std::filesystem::path recorded_file_;
};

/// A map on its side has all its defects in wrong places.
void require_upright(const Sample& sample, const MapFile& from, MapSize size) {
    if (size.height == size.width || from.recorded >= 0) { return; }
    const auto [height, width] = image_size(sample);
    require<DataError>(height == width || size.height != width || size.width != height, "the map '",
                       from.file.string(), "' is ", size.height, " x ", size.width,
                       " (height x width), and its image is ", height, " x ", width,
                       " (they are exchanged); save it as map.T, or without turning the image");
}

float score_of_map(const FloatMap& map, const MapFile& from, const MapScoring& scoring) {
    if (scoring.rule == MapScoring::Rule::given) { return from.score.value(); }
    if (scoring.rule == MapScoring::Rule::largest) { return std::ranges::max(map.values); }
    const auto count = selected_count(scoring.fraction, map.values.size(), Rounding::floor);
    std::vector<float> highest(count);
    std::ranges::partial_sort_copy(map.values, highest, std::greater{});
    double sum = 0;
    for (const float value : highest) { sum += value; }
    return static_cast<float>(sum / static_cast<double>(count));
}

MeasuredMap look_at(const FloatMap& map, const MapFile& from, const MapScoring& scoring,
                    MapSize measured) {
    const auto bytes = std::as_bytes(std::span(map.values));
    Sha256 digest;
    digest.update(concat(map.size.height, " ", map.size.width, " "));
    digest.update(bytes);
    const auto [low, high] = std::ranges::minmax(map.values);
    return {from,           map.size.height,
            map.size.width, measured.height,
            measured.width, score_of_map(map, from, scoring),
            low == high,    digest.hex()};
}

/// The map at the size of the evaluation, smoothed if that is asked for.
std::vector<float> evaluated_map(const FloatMap& map, MapSize size, const MetricOptions& metrics) {
    if (map.size == size && metrics.smooth_sigma_px == 0) { return map.values; }
    return upsample(map.values, {map.size.height, map.size.width}, size, metrics);
}

}  // namespace

MeasuredPoint measure_maps(std::span<const Sample> samples, const MapPoint& point,
                           const MapMeasure& how) {
    auto metrics = how.metrics;
    metrics.side_px = point.side_px;
    const auto truth = read_truth(samples, point.tests, metrics, how.resize, how.names);
    MapsAtHand maps(point.maps, how.memory);
    MeasuredPoint result;
    PatchScores images;
    std::vector<std::uint8_t> anomalous;
    for (std::size_t i = 0; i < point.tests.size(); ++i) {
        const auto& sample = samples[point.tests[i]];
        const auto& map = maps.map(i);
        require_upright(sample, point.maps[i], map.size);
        result.maps.push_back(look_at(map, point.maps[i], how.scoring, truth.images[i].map_size()));
        images.ids.push_back(sample.id);
        images.images.push_back(result.maps.back().score);
        anomalous.push_back(sample.anomalous ? 1 : 0);
    }
    std::vector<float> current;
    const auto map_of_image = [&](std::size_t image) {
        current = evaluated_map(maps.map(image), truth.images[image].map_size(), metrics);
        return std::span<const float>(current);
    };
    metrics.side_px = kNativeSide;  // Maps are of the sizes that the truth has.
    result.metrics = measure(images, map_of_image, anomalous, truth, metrics,
                             request_for(samples, point.tests, how.names));
    return result;
}

template <>
struct Codec<MetricValue> : RecordCodec<MetricValue, &MetricValue::name, &MetricValue::value,
                                        &MetricValue::reason, &MetricValue::images> {};
template <>
struct Codec<MeasuredMap>
    : RecordCodec<MeasuredMap, &MeasuredMap::from, &MeasuredMap::height, &MeasuredMap::width,
                  &MeasuredMap::measured_height, &MeasuredMap::measured_width, &MeasuredMap::score,
                  &MeasuredMap::is_constant, &MeasuredMap::digest> {};

namespace {

using MeasuredPointCodec =
    RecordCodec<MeasuredPoint, &MeasuredPoint::metrics, &MeasuredPoint::maps>;

}  // namespace

std::string Codec<MeasuredPoint>::encode(const MeasuredPoint& point) {
    return MeasuredPointCodec::encode(point);
}

MeasuredPoint Codec<MeasuredPoint>::decode(std::string_view text) {
    return MeasuredPointCodec::decode(text);
}

}  // namespace patchead
