#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "published/emulated.hpp"

namespace patchead {
namespace {

constexpr std::size_t kThresholds = 300;

/// Weight of the anomalous pixels at or above a score.
class OverlapAbove {
  public:
    explicit OverlapAbove(const AllPixels& pixels) {
        const auto regions = static_cast<double>(pixels.weights.size());
        for (std::size_t i = 0; i < pixels.scores.size(); ++i) {
            if (pixels.region[i] == kNormalPixel) { continue; }
            steps_.emplace_back(pixels.scores[i], 1 / (regions * pixels.weights[pixels.region[i]]));
        }
        std::ranges::sort(steps_, std::greater<>{});
        for (std::size_t i = 1; i < steps_.size(); ++i) {
            steps_[i].second += steps_[i - 1].second;
        }
    }

    [[nodiscard]] double at(float score) const {
        const auto end = std::ranges::upper_bound(steps_, score, std::greater<>{},
                                                  &std::pair<float, double>::first);
        return end == steps_.begin() ? 0 : std::prev(end)->second;
    }

  private:
    std::vector<std::pair<float, double>> steps_;
};

std::vector<float> sorted_negatives(const AllPixels& pixels) {
    std::vector<float> scores;
    scores.reserve(pixels.negatives);
    for (std::size_t i = 0; i < pixels.scores.size(); ++i) {
        if (pixels.region[i] == kNormalPixel) { scores.push_back(pixels.scores[i]); }
    }
    std::ranges::sort(scores);
    return scores;
}

double pro_at_quantiles(const AllPixels& pixels, double limit) {
    const auto negatives = sorted_negatives(pixels);
    const OverlapAbove overlap(pixels);
    const auto last = static_cast<double>(negatives.size() - 1);
    const double step = limit / static_cast<double>(kThresholds);
    RateCurve curve{{0}, {0}};
    for (std::size_t i = 1; i <= kThresholds; ++i) {
        const double wanted = i == kThresholds ? limit : static_cast<double>(i) * step;
        const double place = std::clamp(std::floor((1 - wanted) * last), 0.0, last);
        const float threshold = negatives[static_cast<std::size_t>(place)];
        const auto below = std::ranges::lower_bound(negatives, threshold) - negatives.begin();
        curve.rate.push_back(1 -
                             static_cast<double>(below) / static_cast<double>(negatives.size()));
        curve.value.push_back(overlap.at(threshold));
    }
    if (curve.rate.back() < limit) {
        curve.rate.push_back(limit);
        curve.value.push_back(curve.value.back());
    }
    return area_under(curve, limit) / limit;
}

}  // namespace

/// Source: SubspaceAD, main.py before its commit 2ca687e, with anomalib 2.2.
Quantity pro_subspacead_1(const Evidence& evidence, const Argument& limit) {
    return emulated(evidence, [&] {
        auto pixels = read_pixels(evidence.category, ImagesTaken::anomalous);
        stretch_maps(pixels);
        const auto curve = anomalib_1_curve_of(pixels, limit.first);
        return area_by_rate(curve) / curve.rate.back();
    });
}

/// Source: SubspaceAD, main.py since that commit.
Quantity pro_subspacead_2(const Evidence& evidence, const Argument& limit) {
    return emulated(evidence,
                    [&] { return pro_at_quantiles(read_pixels(evidence.category), limit.first); });
}

}  // namespace patchead
