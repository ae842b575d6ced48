#include <algorithm>
#include <cmath>
#include <limits>

#include "published/emulated.hpp"

namespace patchead {
namespace {

constexpr std::size_t kPimoThresholds = 300'000;

/// torch.linspace in single precision: from both ends to the middle.
std::vector<float> linspace_float32(float from, float to, std::size_t count) {
    const float step = (to - from) / static_cast<float>(count - 1);
    std::vector<float> points(count);
    for (std::size_t i = 0; i < count; ++i) {
        const float way = step * static_cast<float>(i < count / 2 ? i : count - 1 - i);
        points[i] = i < count / 2 ? from + way : to - way;
    }
    return points;
}

/// Share of `scores` at or above each of the ascending `thresholds`, divided by `parts`, added.
void add_shares_above(const std::vector<float>& scores, const std::vector<float>& thresholds,
                      double parts, std::vector<double>& shares) {
    std::vector<std::size_t> reached(thresholds.size() + 1);
    for (const float score : scores) {
        ++reached[static_cast<std::size_t>(std::ranges::upper_bound(thresholds, score) -
                                           thresholds.begin())];
    }
    std::size_t above = 0;
    for (auto i = thresholds.size(); i-- > 0;) {
        above += reached[i + 1];
        shares[i] += static_cast<double>(above) / static_cast<double>(scores.size()) / parts;
    }
}

/// The scores of an image; of its anomalous pixels only.
std::vector<float> anomalous_scores(AllPixels& pixels, std::size_t image) {
    std::vector<float> scores;
    const auto map = pixels.map(image);
    const auto regions = pixels.regions(image);
    for (std::size_t p = 0; p < map.size(); ++p) {
        if (regions[p] != kNormalPixel) { scores.push_back(map[p]); }
    }
    return scores;
}

std::size_t nearest_to(double rate, const std::vector<double>& rates) {
    const auto distance = [&](double other) { return std::abs(other - rate); };
    return static_cast<std::size_t>(std::ranges::min_element(rates, {}, distance) - rates.begin());
}

/// Of shares between two thresholds, over the logarithms of rates.
double pimo_area(const LinearPimo& pimo, const std::vector<double>& shares, std::size_t first,
                 std::size_t last) {
    RateCurve curve;
    for (auto i = last + 1; i-- > first;) {
        curve.rate.push_back(std::log(pimo.rates[i]));
        curve.value.push_back(shares[i]);
    }
    return area_under(curve);
}

}  // namespace

LinearPimo anomalib_pimo(const CategoryMaps& category, std::size_t thresholds, double low,
                         double high) {
    auto pixels = read_pixels(category);
    std::vector<std::size_t> normal;
    float least = std::numeric_limits<float>::infinity();
    float most = -least;
    for (std::size_t i = 0; i < pixels.images(); ++i) {
        if (!anomalous_scores(pixels, i).empty()) { continue; }
        normal.push_back(i);
        const auto [lowest, highest] = std::ranges::minmax(pixels.map(i));
        least = std::min(least, lowest);
        most = std::max(most, highest);
    }
    LinearPimo pimo;
    pimo.images.assign(pixels.images(), std::numeric_limits<double>::quiet_NaN());
    if (normal.empty()) { return pimo; }
    pimo.thresholds = linspace_float32(least, most, thresholds);
    pimo.rates.resize(thresholds);
    for (const auto i : normal) {
        const auto map = pixels.map(i);
        add_shares_above({map.begin(), map.end()}, pimo.thresholds,
                         static_cast<double>(normal.size()), pimo.rates);
    }
    // Rates fall with thresholds.
    const auto first = nearest_to(high, pimo.rates);
    const auto last = nearest_to(low, pimo.rates);
    pimo.points = last + 1 - first;
    for (std::size_t i = 0; i < pixels.images(); ++i) {
        const auto scores = anomalous_scores(pixels, i);
        if (scores.empty()) { continue; }
        std::vector<double> shares(thresholds);
        add_shares_above(scores, pimo.thresholds, 1, shares);
        const double area = pimo_area(pimo, shares, first, last) / std::log(high / low);
        pimo.images[i] = std::clamp(area, 0.0, 1.0);
    }
    return pimo;
}

/// Source: anomalib, metrics/pimo/functional.py.
Quantity aupimo_anomalib(const Evidence& evidence, const Argument& rates) {
    LinearPimo pimo;
    auto quantity = emulated(evidence, [&] {
        pimo = anomalib_pimo(evidence.category, kPimoThresholds, rates.first, rates.second);
        double sum = 0;
        std::size_t count = 0;
        for (const double value : pimo.images) {
            if (std::isnan(value)) { continue; }
            sum += value;
            ++count;
        }
        return pimo.thresholds.empty() ? std::nan("") : sum / static_cast<double>(count);
    });
    const bool is_of_all = pimo.images.size() == evidence.anomalous.size();
    if (is_of_all) { quantity.images = std::move(pimo.images); }
    return quantity;
}

}  // namespace patchead
