#include "pixel_ranking.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "bound_counter.hpp"
#include "crop.hpp"
#include "float_key.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline metrics_detail {
namespace {

constexpr int kLinearThresholds = 200;  // Of the function that the peers share.

/// Calls `visit(map, pixels of the ground truth)` for the images that count.
template <class Visit>
void for_each_map(const MapSource& maps, std::span<const std::uint8_t> anomalous,
                  const GroundTruth& truth, const MetricOptions& options, Visit visit) {
    std::vector<float> middle;
    for (std::size_t i = 0; i < anomalous.size(); ++i) {
        if (!options.normal_images && anomalous[i] == 0) { continue; }
        const auto map = window_of(maps(i), truth.images[i], options.kept_side, middle);
        PATCHEAD_ASSERT(map.size() == truth.images[i].size.area());
        visit(map, i);
    }
}

/// The smallest and the largest score.
struct Range {
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();

    void include(std::span<const float> map) {
        for (const float score : map) {
            low = score < low ? score : low;
            high = score > high ? score : high;
        }
    }
};

std::vector<LinearThreshold> linear_thresholds(const Range& range) {
    std::vector<LinearThreshold> thresholds;
    if (!(range.low < range.high)) { return thresholds; }
    const double low = range.low;
    const double step = (static_cast<double>(range.high) - low) / kLinearThresholds;
    for (int i = 0; i < kLinearThresholds; ++i) {
        thresholds.push_back({key_of_threshold(low + i * step)});
    }
    return thresholds;
}

/// Every key whose negatives are counted, ascending.
std::vector<std::uint32_t> bounds_of(const PixelRanking& pixels) {
    std::vector<std::uint32_t> bounds;
    bounds.reserve(pixels.ranking.thresholds.size() + pixels.linear.size() + pixels.cuts.size());
    for (const auto& threshold : pixels.ranking.thresholds) { bounds.push_back(threshold.key); }
    const auto ranked = static_cast<std::ptrdiff_t>(bounds.size());
    for (const auto* others : {&pixels.linear, &pixels.cuts}) {
        for (const auto& threshold : *others) { bounds.push_back(threshold.key); }
    }
    std::sort(bounds.begin() + ranked, bounds.end());
    std::inplace_merge(bounds.begin(), bounds.begin() + ranked, bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    return bounds;
}

/// Counts negatives, whatever their order: counts are integers.
class NegativeCounter {
  public:
    explicit NegativeCounter(PixelRanking& pixels) : pixels_(pixels), counter_(bounds_of(pixels)) {}

    /// The pixels of `map` but for those in `positives` (ascending).
    void add(std::span<const float> map, std::span<const std::uint32_t> positives) {
        std::size_t first = 0;
        for (const auto positive : positives) {
            if (positive > first) { counter_.add(map.subspan(first, positive - first)); }
            first = positive + 1;
        }
        counter_.add(map.subspan(first));
    }

    /// Tells the ranking what was counted since the last call.
    /// `visit(threshold, how many of these are at or above it)` of each threshold in order.
    template <class Visit>
    void tell(Visit visit) {
        const auto counts = counter_.take();
        const auto bounds = counter_.bounds();
        std::size_t at = 0;
        auto& thresholds = pixels_.ranking.thresholds;
        for (std::size_t i = 0; i < thresholds.size(); ++i) {
            while (bounds[at] < thresholds[i].key) { ++at; }
            thresholds[i].negatives_above += counts.below[at];
            thresholds[i].negatives += counts.equal[at];
            visit(i, counts.below[at] + counts.equal[at]);
        }
        pixels_.ranking.negatives += counts.all;
        for (auto* others : {&pixels_.linear, &pixels_.cuts}) {
            for (auto& threshold : *others) {
                const auto place = std::ranges::lower_bound(bounds, threshold.key);
                threshold.negatives_above +=
                    counts.below[static_cast<std::size_t>(place - bounds.begin())];
            }
        }
    }

  private:
    PixelRanking& pixels_;
    BoundCounter counter_;
};

/// The same for images without anomaly, whose rates are counted by themselves, too. Images of one
/// size at a time: each image has the same weight.
class NormalCounter {
  public:
    NormalCounter(PixelRanking& pixels, std::size_t images)
        : pixels_(pixels), counter_(pixels), images_(images) {
        pixels.normal_images = images;
        pixels.normal_rates.resize(pixels.ranking.thresholds.size());
        pixels.smallest_normal_area = std::numeric_limits<std::size_t>::max();
    }

    void add_image(std::span<const float> map) {
        if (map.size() != area_) { tell(); }
        area_ = map.size();
        pixels_.smallest_normal_area = std::min(pixels_.smallest_normal_area, area_);
        counter_.add(map, {});
    }

    /// Tells the ranking what was counted since the last call.
    void tell() {
        if (area_ == 0) { return; }
        const double weight = 1 / (static_cast<double>(area_) * static_cast<double>(images_));
        counter_.tell([&](std::size_t threshold, std::int64_t selected) {
            pixels_.normal_rates[threshold] += weight * static_cast<double>(selected);
        });
    }

  private:
    PixelRanking& pixels_;
    NegativeCounter counter_;
    std::size_t images_;
    std::size_t area_ = 0;
};

/// Counts the negatives of all maps; with `normal_rates`, those of images without anomaly apart.
void count_negatives_of(const MapSource& maps, std::span<const std::uint8_t> anomalous,
                        const GroundTruth& truth, const MetricOptions& options, bool normal_rates,
                        PixelRanking& pixels) {
    const auto normal = std::ranges::count(anomalous, std::uint8_t{0});
    NegativeCounter counter(pixels);
    std::optional<NormalCounter> of_normal;
    if (normal_rates) {
        of_normal.emplace(pixels, options.normal_images ? static_cast<std::size_t>(normal) : 0);
    }
    for_each_map(maps, anomalous, truth, options,
                 [&](std::span<const float> map, std::size_t image) {
                     if (of_normal && anomalous[image] == 0) {
                         of_normal->add_image(map);
                     } else {
                         counter.add(map, truth.images[image].index);
                     }
                 });
    counter.tell([](std::size_t, std::int64_t) {});
    if (of_normal) { of_normal->tell(); }
}

}  // namespace

PixelRanking rank_pixels(const MapSource& maps, std::span<const std::uint8_t> anomalous,
                         const GroundTruth& truth, const MetricOptions& options,
                         const PixelDetail& detail) {
    std::vector<Positive> positives;
    positives.reserve(
        std::accumulate(truth.region_sizes.begin(), truth.region_sizes.end(), std::size_t{0}));
    Range range;
    const auto see = [&](std::span<const float> map, std::size_t image) {
        const auto& pixels = truth.images[image];
        range.include(map);
        for (std::size_t p = 0; p < pixels.index.size(); ++p) {
            positives.push_back({descending_key(map[pixels.index[p]]), pixels.region[p]});
        }
    };
    for_each_map(maps, anomalous, truth, options, see);
    PixelRanking pixels{rank_positives("pixel", positives, truth.region_sizes),
                        linear_thresholds(range)};
    for (const double cut : detail.cuts) { pixels.cuts.push_back({key_of_threshold(cut)}); }
    if (detail.positives) { pixels.positives = std::move(positives); }
    positives = {};
    count_negatives_of(maps, anomalous, truth, options, detail.normal_rates, pixels);
    return pixels;
}

}  // namespace patchead::inline metrics_detail
