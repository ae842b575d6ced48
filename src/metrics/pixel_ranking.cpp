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
        visit(map, truth.images[i]);
    }
}

std::size_t largest_area(const GroundTruth& truth) {
    std::size_t largest = 0;
    for (const auto& image : truth.images) { largest = std::max(largest, image.size.area()); }
    return largest;
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
    NegativeCounter(PixelRanking& pixels, std::size_t pixels_per_map) : pixels_(pixels) {
        keys_.reserve(kKeysAtOnce + pixels_per_map);
    }

    /// The pixels of `map` but for those in `positives` (ascending).
    void add(std::span<const float> map, std::span<const std::uint32_t> positives) {
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
        count_negatives(pixels_.ranking, keys_);
        for (auto& threshold : pixels_.linear) {
            threshold.negatives_above +=
                std::ranges::lower_bound(keys_, threshold.key) - keys_.begin();
        }
        keys_.clear();
    }

  private:
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

}  // namespace

PixelRanking rank_pixels(const MapSource& maps, std::span<const std::uint8_t> anomalous,
                         const GroundTruth& truth, const MetricOptions& options) {
    std::vector<Positive> positives;
    positives.reserve(
        std::accumulate(truth.region_sizes.begin(), truth.region_sizes.end(), std::size_t{0}));
    Range range;
    using Pixels = GroundTruth::Pixels;
    const auto see = [&](std::span<const float> map, const Pixels& pixels) {
        range.include(map);
        for (std::size_t p = 0; p < pixels.index.size(); ++p) {
            positives.push_back({descending_key(map[pixels.index[p]]), pixels.region[p]});
        }
    };
    for_each_map(maps, anomalous, truth, options, see);
    PixelRanking pixels{rank_positives("pixel", std::move(positives), truth.region_sizes),
                        linear_thresholds(range)};
    NegativeCounter counter(pixels, largest_area(truth));
    for_each_map(maps, anomalous, truth, options,
                 [&](std::span<const float> map, const Pixels& of_image) {
                     counter.add(map, of_image.index);
                 });
    counter.count();
    return pixels;
}

}  // namespace patchead::inline metrics_detail
