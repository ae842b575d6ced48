#include "pixel_ranking.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "crop.hpp"
#include "float_key.hpp"
#include "patchead/core/error.hpp"
#include "radix_sort.hpp"

namespace patchead::inline metrics_detail {
namespace {

constexpr int kLinearThresholds = 200;  // Of the function that the peers share.

// Keys sorted at a time: enough that walking the thresholds once for each such lot costs little.
constexpr std::size_t kKeysAtOnce = std::size_t{1} << 22;

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

/// Collects negatives and counts them when there are many.
class NegativeCounter {
  public:
    explicit NegativeCounter(PixelRanking& pixels) : pixels_(pixels) {}
    virtual ~NegativeCounter() = default;
    NegativeCounter(const NegativeCounter&) = delete;
    NegativeCounter& operator=(const NegativeCounter&) = delete;

    /// The pixels of `map` but for those in `positives` (ascending).
    void add(std::span<const float> map, std::span<const std::uint32_t> positives) {
        if (keys_.capacity() == 0) { keys_.reserve(kKeysAtOnce + map.size()); }
        std::size_t first = 0;
        for (const auto positive : positives) {
            append(map.subspan(first, positive - first));
            first = positive + 1;
        }
        append(map.subspan(first));
        if (keys_.size() >= kKeysAtOnce) { count(); }
    }

    /// Counts what has been collected.
    void count() {
        radix_sort(keys_, scratch_, [](std::uint32_t key) { return key; });
        count_sorted(keys_);
        for (auto* thresholds : {&pixels_.linear, &pixels_.cuts}) {
            for (auto& threshold : *thresholds) {
                threshold.negatives_above +=
                    std::ranges::lower_bound(keys_, threshold.key) - keys_.begin();
            }
        }
        keys_.clear();
    }

  protected:
    [[nodiscard]] PixelRanking& pixels() { return pixels_; }

  private:
    virtual void count_sorted(std::span<const std::uint32_t> keys) {
        count_negatives(pixels_.ranking, keys);
    }

    void append(std::span<const float> scores) {
        const auto size = keys_.size();
        keys_.resize(size + scores.size());
        std::ranges::transform(scores, keys_.begin() + static_cast<std::ptrdiff_t>(size),
                               descending_key);
    }

    PixelRanking& pixels_;
    std::vector<std::uint32_t> keys_;
    std::vector<std::uint32_t> scratch_;
};

/// The same for images without anomaly, whose rates are counted by themselves, too. Images of one
/// size at a time: each image has the same weight.
class NormalCounter final : public NegativeCounter {
  public:
    NormalCounter(PixelRanking& pixels, std::size_t images)
        : NegativeCounter(pixels), images_(images) {
        pixels.normal_images = images;
        pixels.normal_rates.resize(pixels.ranking.thresholds.size());
        pixels.smallest_normal_area = std::numeric_limits<std::size_t>::max();
    }

    void add_image(std::span<const float> map) {
        if (map.size() != area_) { count(); }
        area_ = map.size();
        pixels().smallest_normal_area = std::min(pixels().smallest_normal_area, area_);
        add(map, {});
    }

  private:
    void count_sorted(std::span<const std::uint32_t> keys) override {
        if (keys.empty()) { return; }
        const double weight = 1 / (static_cast<double>(area_) * static_cast<double>(images_));
        count_negatives(pixels().ranking, keys, [&](std::size_t threshold, std::size_t selected) {
            pixels().normal_rates[threshold] += weight * static_cast<double>(selected);
        });
    }

    std::size_t images_;
    std::size_t area_ = 0;
};

/// Counts the negatives of all maps.
void count_all(const MapSource& maps, std::span<const std::uint8_t> anomalous,
               const GroundTruth& truth, const MetricOptions& options, PixelRanking& pixels) {
    NegativeCounter counter(pixels);
    for_each_map(maps, anomalous, truth, options,
                 [&](std::span<const float> map, std::size_t image) {
                     counter.add(map, truth.images[image].index);
                 });
    counter.count();
}

/// The same, those of images without anomaly apart. Counts are integers: the order does not show.
void count_with_rates(const MapSource& maps, std::span<const std::uint8_t> anomalous,
                      const GroundTruth& truth, const MetricOptions& options,
                      PixelRanking& pixels) {
    const auto normal = std::ranges::count(anomalous, std::uint8_t{0});
    NegativeCounter counter(pixels);
    NormalCounter of_normal(pixels, options.normal_images ? static_cast<std::size_t>(normal) : 0);
    for_each_map(maps, anomalous, truth, options,
                 [&](std::span<const float> map, std::size_t image) {
                     if (anomalous[image] == 0) {
                         of_normal.add_image(map);
                     } else {
                         counter.add(map, truth.images[image].index);
                     }
                 });
    counter.count();
    of_normal.count();
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
    if (detail.normal_rates) {
        count_with_rates(maps, anomalous, truth, options, pixels);
    } else {
        count_all(maps, anomalous, truth, options, pixels);
    }
    return pixels;
}

}  // namespace patchead::inline metrics_detail
