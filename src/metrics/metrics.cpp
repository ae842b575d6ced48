#include "patchead/metrics/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

#include "asked.hpp"
#include "evidence.hpp"
#include "image_ranking.hpp"
#include "map_maker.hpp"
#include "patchead/core/error.hpp"
#include "type_part.hpp"

namespace patchead {

#define PATCHEAD_METRIC(name, function) Quantity function(const Evidence& evidence);
#define PATCHEAD_IMAGE_METRIC PATCHEAD_METRIC
#include "metrics.def"
#undef PATCHEAD_METRIC
#undef PATCHEAD_IMAGE_METRIC

namespace {

constexpr auto kImageMetrics = std::to_array<Metric>({
#define PATCHEAD_IMAGE_METRIC(name, function) {name, &function},
#define PATCHEAD_METRIC(name, function)
#include "metrics.def"
#undef PATCHEAD_METRIC
#undef PATCHEAD_IMAGE_METRIC
});

constexpr auto kPixelMetrics = std::to_array<Metric>({
#define PATCHEAD_IMAGE_METRIC(name, function)
#define PATCHEAD_METRIC(name, function) {name, &function},
#include "metrics.def"
#undef PATCHEAD_METRIC
#undef PATCHEAD_IMAGE_METRIC
});

void add(std::string_view name, Quantity quantity, MetricSet& set) {
    set.push_back({std::string(name), quantity.value, std::move(quantity.reason),
                   std::move(quantity.images)});
}

/// If a mask is missing, its defect would count as normal pixels.
Quantity undefined_without_masks(std::span<const std::uint8_t> anomalous,
                                 const GroundTruth& truth) {
    const auto defective = std::ranges::count_if(anomalous, [](auto label) { return label != 0; });
    return Quantity::undefined(
        truth.without_mask >= defective
            ? std::string("no anomalous image has a mask")
            : concat(truth.without_mask, " of ", defective, " anomalous images have no mask"));
}

/// Those that were asked for, or all of metrics.def.
std::vector<AskedMetric> chosen(const MetricRequest& request) {
    if (!request.names.empty()) { return find_asked(request.names); }
    std::vector<AskedMetric> metrics;
    for (const auto name : metric_names()) { metrics.push_back(find_asked(std::string(name))); }
    return metrics;
}

void require_same_images(const PatchScores& scores, std::span<const std::uint8_t> anomalous,
                         const GroundTruth& truth, const MetricOptions& options,
                         const MetricRequest& request) {
    const auto n = scores.ids.size();
    require<DataError>(anomalous.size() == n && truth.images.size() == n, "scores of ", n,
                       " images, labels of ", anomalous.size(), ", masks of ", truth.images.size(),
                       " (they must be the same images); evaluate them together");
    for (const auto size : {request.samples.size(), request.types.size()}) {
        require<DataError>(size == 0 || size == n, "scores of ", n, " images, samples or types of ",
                           size, " (they must be the same images); evaluate them together");
    }
    require<DataError>(
        truth.saturation_px.empty() || (truth.saturation_px.size() == truth.region_sizes.size() &&
                                        std::ranges::count(truth.saturation_px, 0U) == 0),
        "saturation areas of ", truth.saturation_px.size(), " of ", truth.region_sizes.size(),
        " regions, or of no pixel (each has one of at least 1); count them again");
    const MapSize wanted{options.side_px, options.side_px};
    const bool is_any = options.side_px == kNativeSide || !scores.shapes.empty();
    for (const auto& image : truth.images) {
        const auto size = image.map_size();
        require<DataError>(is_any || size == wanted, "a mask of ", size.height, "x", size.width,
                           " pixels (evaluation is at ", wanted.height, "x", wanted.width,
                           "); find regions at that size");
    }
}

}  // namespace

}  // namespace patchead

namespace patchead::inline metrics_detail {

std::span<const Metric> image_metrics() { return kImageMetrics; }

std::span<const Metric> pixel_metrics() { return kPixelMetrics; }

}  // namespace patchead::inline metrics_detail

namespace patchead {

Quantity Quantity::undefined(std::string reason) {
    Quantity quantity(std::numeric_limits<double>::quiet_NaN());
    quantity.reason = std::move(reason);
    return quantity;
}

void require_finite(const PatchScores& scores) {
    const auto finite = [](float score) { return std::isfinite(score); };
    for (std::size_t i = 0; i < scores.ids.size(); ++i) {
        require<DataError>(finite(scores.images[i]) && std::ranges::all_of(scores.of(i), finite),
                           "a score of '", scores.ids[i],
                           "' is not finite (its features or matches are damaged); remove them "
                           "from the store and run again");
    }
}

MetricSet measure(const PatchScores& scores, std::span<const std::uint8_t> anomalous,
                  const GroundTruth& truth, const MetricOptions& options,
                  const MetricRequest& request) {
    require_finite(scores);
    MapMaker maker(scores.grid, options);
    const auto map = [&](std::size_t image) {
        const auto size = truth.images[image].map_size();
        return scores.shapes.empty() ? maker.make(scores.of(image), size)
                                     : maker.make(scores.of(image), scores.shapes[image], size);
    };
    return measure(scores, map, anomalous, truth, options, request);
}

namespace {

/// What is measured, and by what.
struct MeasuredMaps {
    const PatchScores& scores;
    const MapSource& maps;
    std::span<const std::uint8_t> anomalous;
    const GroundTruth& truth;
    const MetricOptions& options;
    const MetricRequest& request;
};

MetricSet measure_all(const MeasuredMaps& of, std::span<const AskedMetric> metrics) {
    const bool has_pixels = of.truth.without_mask == 0;
    Evidence evidence;
    evidence.images = rank_images(of.scores.images, of.anomalous);
    if (has_pixels) {
        evidence.pixels = rank_pixels(of.maps, of.anomalous, of.truth, of.options,
                                      detail_for(metrics, of.request.pixel_threshold));
    }
    evidence.regions = static_cast<std::int64_t>(of.truth.region_sizes.size());
    evidence.pro_limit = of.options.pro_limit;
    evidence.scores = of.scores.images;
    evidence.anomalous = of.anomalous;
    evidence.samples = of.request.samples;
    evidence.image_threshold = of.request.image_threshold;
    evidence.pixel_threshold = of.request.pixel_threshold;
    evidence.category = {&of.maps, &of.truth, &of.options};
    MetricSet set;
    for (const auto& metric : metrics) {
        const bool is_seen = has_pixels || metric.needs() == Needs::images;
        add(metric.name,
            is_seen ? metric.compute(evidence) : undefined_without_masks(of.anomalous, of.truth),
            set);
    }
    return set;
}

/// Those of `metrics` for which the defects of `type` count; for each type, too, if it is one.
std::vector<AskedMetric> those_of(const std::string& type, bool is_known,
                                  const std::vector<AskedMetric>& metrics) {
    std::vector<AskedMetric> wanted;
    std::ranges::copy_if(metrics, std::back_inserter(wanted), [&](const AskedMetric& metric) {
        return metric.type == type || (is_known && metric.type == kEachType);
    });
    return wanted;
}

/// Values by metric; of those that are means over types, the values of all types.
using ValuesByName = std::map<std::string, std::vector<MetricValue>>;

void measure_type(const std::string& type, const MeasuredMaps& of,
                  std::span<const AskedMetric> metrics, ValuesByName& values) {
    const auto part = part_of_type(type, of.scores, of.anomalous, of.truth, of.request);
    const MapSource maps = [&](std::size_t image) { return of.maps(part.images[image]); };
    for (auto& value : measure_all(
             {part.scores, maps, part.anomalous, part.truth, of.options, part.request}, metrics)) {
        value.images.clear();  // They would be those of a part of the images.
        values[value.name].push_back(std::move(value));
    }
}

/// The mean; undefined if one of them is.
MetricValue mean_of(const std::vector<MetricValue>& values) {
    auto mean = values.front();
    for (std::size_t i = 1; i < values.size(); ++i) {
        mean.value += values[i].value;
        if (mean.reason.empty()) { mean.reason = values[i].reason; }
    }
    mean.value /= static_cast<double>(values.size());
    return mean;
}

/// What is asked of types of defects, by name of the metric.
ValuesByName measure_types(const MeasuredMaps& of, const std::vector<AskedMetric>& metrics) {
    const auto known = types_of(of.anomalous, of.request);
    ValuesByName values;
    for (const auto& type : known) {
        const auto wanted = those_of(type, true, metrics);
        if (!wanted.empty()) { measure_type(type, of, wanted, values); }
    }
    for (const auto& metric : metrics) {
        if (metric.type.empty() || values.contains(metric.name)) { continue; }
        auto missing =
            Quantity::undefined(of.request.types.empty()
                                    ? "nobody says which type of defect an image has"
                                    : concat("no anomalous image of the type '", metric.type, "'"));
        values[metric.name].push_back({metric.name, missing.value, std::move(missing.reason), {}});
    }
    return values;
}

}  // namespace

MetricSet measure(const PatchScores& scores, const MapSource& maps,
                  std::span<const std::uint8_t> anomalous, const GroundTruth& truth,
                  const MetricOptions& options, const MetricRequest& request) {
    require_same_images(scores, anomalous, truth, options, request);
    const auto metrics = chosen(request);
    const MeasuredMaps of{scores, maps, anomalous, truth, options, request};
    auto of_types = measure_types(of, metrics);
    const auto of_all = those_of("", false, metrics);
    auto plain = of_all.empty() ? MetricSet{} : measure_all(of, of_all);
    MetricSet set;
    auto next = plain.begin();
    for (const auto& metric : metrics) {
        set.push_back(metric.type.empty() ? std::move(*next++) : mean_of(of_types.at(metric.name)));
    }
    return set;
}

MetricSet measure_images(std::span<const float> scores, std::span<const std::uint8_t> anomalous) {
    require<DataError>(scores.size() == anomalous.size(), "scores of ", scores.size(),
                       " images, labels of ", anomalous.size(),
                       " (they must be the same images); evaluate them together");
    Evidence evidence;
    evidence.images = rank_images(scores, anomalous);
    MetricSet set;
    for (const auto& metric : image_metrics()) { add(metric.name, metric.compute(evidence), set); }
    return set;
}

std::vector<std::string_view> image_metric_names() {
    std::vector<std::string_view> names;
    for (const auto& metric : image_metrics()) { names.push_back(metric.name); }
    return names;
}

std::vector<std::string_view> metric_names() {
    auto names = image_metric_names();
    for (const auto& metric : pixel_metrics()) { names.push_back(metric.name); }
    return names;
}

}  // namespace patchead
