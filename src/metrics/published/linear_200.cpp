#include "published/linear_200.hpp"

#include <algorithm>
#include <cmath>

namespace patchead::inline metrics_detail {
namespace {

constexpr double kLargestRate = 0.3;

/// numpy.arange(low, high, (high - low) / 200) of that type: its steps are those from the first
/// value to the second, and rounding decides whether there are 200 or 201.
template <class Float>
std::vector<double> arange_200(Float low, Float high) {
    const Float step = (high - low) / Float{200};
    const auto count = static_cast<std::size_t>(
        std::ceil(static_cast<double>(static_cast<Float>((high - low) / step))));
    const Float next = low + step;
    const Float delta = next - low;
    std::vector<double> thresholds;
    for (std::size_t i = 0; i < count; ++i) {
        const Float way = static_cast<Float>(i) * delta;
        thresholds.push_back(static_cast<double>(static_cast<Float>(low + way)));
    }
    return thresholds;
}

/// The curve at ascending `thresholds`, that is by falling rates; what scores above counts.
RateCurve curve_at(const AllPixels& pixels, const std::vector<double>& thresholds) {
    RateCurve above{std::vector<double>(thresholds.size() + 1),
                    std::vector<double>(thresholds.size() + 1)};
    const auto regions = static_cast<double>(pixels.weights.size());
    for (std::size_t i = 0; i < pixels.scores.size(); ++i) {
        const auto score = static_cast<double>(pixels.scores[i]);
        const auto below = std::ranges::lower_bound(thresholds, score) - thresholds.begin();
        const auto region = pixels.region[i];
        if (region == kNormalPixel) {
            above.rate[static_cast<std::size_t>(below)] += 1;
        } else {
            above.value[static_cast<std::size_t>(below)] +=
                1 / (regions * static_cast<double>(pixels.weights[region]));
        }
    }
    // So far by how many thresholds a score is above.
    for (auto i = thresholds.size(); i-- > 0;) {
        above.rate[i] += above.rate[i + 1];
        above.value[i] += above.value[i + 1];
    }
    RateCurve curve;
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        const double rate = above.rate[i + 1] / static_cast<double>(pixels.negatives);
        if (!(rate < kLargestRate)) { continue; }
        curve.rate.push_back(rate);
        curve.value.push_back(above.value[i + 1]);
    }
    return curve;
}

}  // namespace

double pro_at_200_thresholds(const AllPixels& pixels, RateScale scale, MapPrecision precision) {
    const auto [low, high] = std::ranges::minmax(pixels.scores);
    const auto thresholds = precision == MapPrecision::float32 ? arange_200<float>(low, high)
                                                               : arange_200<double>(low, high);
    auto curve = curve_at(pixels, thresholds);
    if (curve.rate.empty()) { return std::nan(""); }
    const double least = scale == RateScale::by_extremes ? curve.rate.back() : 0;
    const double largest = curve.rate.front();
    for (auto& rate : curve.rate) { rate = (rate - least) / (largest - least); }
    std::ranges::reverse(curve.rate);
    std::ranges::reverse(curve.value);
    return area_under(curve);
}

}  // namespace patchead::inline metrics_detail
