#include "patchead/metrics/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "asked.hpp"
#include "evidence.hpp"
#include "image_ranking.hpp"
#include "map_maker.hpp"
#include "patchead/core/error.hpp"

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
        truth.without_mask == defective
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
    require<DataError>(request.samples.empty() || request.samples.size() == n, "scores of ", n,
                       " images, samples of ", request.samples.size(),
                       " (they must be the same images); evaluate them together");
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

MetricSet measure(const PatchScores& scores, const MapSource& maps,
                  std::span<const std::uint8_t> anomalous, const GroundTruth& truth,
                  const MetricOptions& options, const MetricRequest& request) {
    require_same_images(scores, anomalous, truth, options, request);
    const auto metrics = chosen(request);
    const bool has_pixels = truth.without_mask == 0;
    Evidence evidence;
    evidence.images = rank_images(scores.images, anomalous);
    if (has_pixels) {
        evidence.pixels = rank_pixels(maps, anomalous, truth, options,
                                      detail_for(metrics, request.pixel_threshold));
    }
    evidence.regions = static_cast<std::int64_t>(truth.region_sizes.size());
    evidence.pro_limit = options.pro_limit;
    evidence.scores = scores.images;
    evidence.anomalous = anomalous;
    evidence.samples = request.samples;
    evidence.image_threshold = request.image_threshold;
    evidence.pixel_threshold = request.pixel_threshold;
    evidence.category = {&maps, &truth, &options};
    MetricSet set;
    for (const auto& metric : metrics) {
        const bool is_seen = has_pixels || metric.needs() == Needs::images;
        add(metric.name,
            is_seen ? metric.compute(evidence) : undefined_without_masks(anomalous, truth), set);
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
