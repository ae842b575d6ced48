#include "published/all_pixels.hpp"

#include <algorithm>
#include <numeric>

#include "float_key.hpp"
#include "patchead/core/error.hpp"
#include "radix_sort.hpp"
#include "ranking.hpp"

namespace patchead::inline metrics_detail {
namespace {

void append_image(std::span<const float> map, const GroundTruth::Pixels& truth, AllPixels& pixels) {
    PATCHEAD_ASSERT(map.size() == truth.size.area());
    const auto first = pixels.scores.size();
    pixels.scores.insert(pixels.scores.end(), map.begin(), map.end());
    pixels.region.resize(pixels.scores.size(), kNormalPixel);
    for (std::size_t p = 0; p < truth.index.size(); ++p) {
        pixels.region[first + truth.index[p]] = truth.region[p];
    }
    pixels.first.push_back(pixels.scores.size());
    pixels.negatives += map.size() - truth.index.size();
}

}  // namespace

AllPixels read_pixels(const CategoryMaps& category, ImagesTaken taken) {
    const auto& truth = *category.truth;
    AllPixels pixels;
    pixels.weights = truth.saturation_px.empty() ? truth.region_sizes : truth.saturation_px;
    for (std::size_t i = 0; i < truth.images.size(); ++i) {
        const bool has_anomaly = !truth.images[i].index.empty();
        const bool counts =
            has_anomaly || (taken == ImagesTaken::all && category.options->normal_images);
        if (counts) { append_image((*category.maps)(i), truth.images[i], pixels); }
    }
    return pixels;
}

void stretch_maps(AllPixels& pixels) {
    for (std::size_t i = 0; i < pixels.images(); ++i) {
        std::ranges::copy(min_max_map(pixels.map(i)), pixels.map(i).begin());
    }
}

RateCurve pro_curve_of(const AllPixels& pixels) {
    std::vector<Positive> sorted(pixels.scores.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        sorted[i] = {descending_key(pixels.scores[i]), pixels.region[i]};
    }
    std::vector<Positive> scratch;
    radix_sort(sorted, scratch, [](const Positive& pixel) { return pixel.key; });
    RateCurve curve{{0}, {0}};
    std::vector<std::uint32_t> found(pixels.weights.size());
    std::size_t selected = 0;
    double overlap = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const auto region = sorted[i].region;
        if (region == kNormalPixel) {
            ++selected;
        } else if (found[region]++ < pixels.weights[region]) {
            overlap += 1.0 / pixels.weights[region];
        }
        if (i + 1 < sorted.size() && sorted[i + 1].key == sorted[i].key) { continue; }
        curve.rate.push_back(static_cast<double>(selected) / static_cast<double>(pixels.negatives));
        curve.value.push_back(std::min(1.0, overlap / static_cast<double>(found.size())));
    }
    return curve;
}

double area_under(const RateCurve& curve) {
    double area = 0;
    for (std::size_t i = 1; i < curve.rate.size(); ++i) {
        area += (curve.rate[i] - curve.rate[i - 1]) * (curve.value[i] + curve.value[i - 1]) / 2;
    }
    return area;
}

double area_by_rate(const RateCurve& curve) {
    std::vector<std::size_t> order(curve.rate.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return curve.rate[i]; });
    RateCurve sorted;
    for (const auto i : order) {
        sorted.rate.push_back(curve.rate[i]);
        sorted.value.push_back(curve.value[i]);
    }
    return area_under(sorted);
}

double area_under(const RateCurve& curve, double limit) {
    const auto inside =
        static_cast<std::size_t>(std::ranges::upper_bound(curve.rate, limit) - curve.rate.begin());
    RateCurve part{
        {curve.rate.begin(), curve.rate.begin() + static_cast<std::ptrdiff_t>(inside)},
        {curve.value.begin(), curve.value.begin() + static_cast<std::ptrdiff_t>(inside)}};
    if (inside > 0 && inside < curve.rate.size() && part.rate.back() < limit) {
        const double step = (limit - part.rate.back()) / (curve.rate[inside] - part.rate.back());
        const double cut = part.value.back() + (curve.value[inside] - part.value.back()) * step;
        part.rate.push_back(limit);
        part.value.push_back(cut);
    }
    return area_under(part);
}

}  // namespace patchead::inline metrics_detail

namespace patchead {

std::vector<float> min_max_map(std::span<const float> map) {
    const auto [low, high] = std::ranges::minmax(map);
    const float range = high - low + 1e-8F;
    std::vector<float> stretched(map.size());
    std::ranges::transform(map, stretched.begin(),
                           [&, least = low](float score) { return (score - least) / range; });
    return stretched;
}

RateCurve exact_pro_curve(const CategoryMaps& category) {
    return pro_curve_of(read_pixels(category));
}

}  // namespace patchead
