#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "published/emulated.hpp"

namespace patchead {
namespace {

/// Scores through a sigmoid if any lies outside [0, 1], as torchmetrics takes them for logits.
void squash_like_torchmetrics(std::vector<float>& scores) {
    const auto [low, high] = std::ranges::minmax(scores);
    if (low >= 0 && high <= 1) { return; }
    for (auto& score : scores) { score = 1 / (1 + std::exp(-score)); }
}

/// The distinct scores of some pixels, highest first, and how many are at or above each.
struct Tally {
    std::vector<float> scores;
    std::vector<std::size_t> counts;
};

Tally tally(std::vector<float> scores) {
    std::ranges::sort(scores, std::greater<>{});
    Tally found;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (i + 1 < scores.size() && scores[i + 1] == scores[i]) { continue; }
        found.scores.push_back(scores[i]);
        found.counts.push_back(i + 1);
    }
    return found;
}

/// The ROC curve from (0, 0) of `anomalous` against `normal`, as far as the first rate beyond
/// `limit` goes.
RateCurve roc_up_to(const Tally& normal, const Tally& anomalous, double limit) {
    RateCurve curve{{0}, {0}};
    std::size_t n = 0;
    std::size_t p = 0;
    const auto at = [](const Tally& of, std::size_t i) {
        return i < of.scores.size() ? of.scores[i] : -std::numeric_limits<float>::infinity();
    };
    const auto share = [](const Tally& of, std::size_t i) {
        return i == 0
                   ? 0.0
                   : static_cast<double>(of.counts[i - 1]) / static_cast<double>(of.counts.back());
    };
    while (n < normal.scores.size() || p < anomalous.scores.size()) {
        const float next = std::max(at(normal, n), at(anomalous, p));
        if (at(normal, n) == next) { ++n; }
        if (at(anomalous, p) == next) { ++p; }
        const double rate = share(normal, n);
        if (curve.rate.back() > limit && rate > curve.rate.back()) { break; }
        curve.rate.push_back(rate);
        curve.value.push_back(share(anomalous, p));
    }
    return curve;
}

/// numpy.isclose with its default tolerances.
bool is_close(double value, double to) {
    return std::abs(value - to) <= 1e-8 + 1e-5 * std::abs(to);
}

/// Numbers of the points that a curve is cut to, and where between the last two it ends.
struct Cut {
    std::vector<std::size_t> points;
    double part = std::numeric_limits<double>::quiet_NaN();  ///< NaN: with the last point.
};

Cut cut_at(const RateCurve& curve, double limit) {
    double last = 0;
    double beyond = std::numeric_limits<double>::infinity();
    for (const double rate : curve.rate) {
        if (rate <= limit) { last = std::max(last, rate); }
        if (rate > limit) { beyond = std::min(beyond, rate); }
    }
    const double end = last > 0 ? limit : beyond;
    Cut cut;
    double highest = 0;
    for (std::size_t i = 0; i < curve.rate.size(); ++i) {
        if (curve.rate[i] > end) { continue; }
        cut.points.push_back(i);
        highest = std::max(highest, curve.rate[i]);
    }
    if (is_close(highest, limit)) { return cut; }
    const auto place = std::ranges::lower_bound(curve.rate, limit) - curve.rate.begin();
    const auto i = static_cast<std::size_t>(place);
    cut.points.push_back(i);
    cut.part = 1 - (curve.rate[i] - limit) / (curve.rate[i] - curve.rate[i - 1]);
    return cut;
}

/// Adds the cut curve, stretched over so many points as `sum` has.
void add_stretched(const RateCurve& curve, const Cut& cut, RateCurve& sum) {
    const auto last = static_cast<double>(*std::ranges::max_element(cut.points));
    const auto count = sum.rate.size();
    std::vector<double> at;
    for (const auto point : cut.points) {
        at.push_back(static_cast<double>(point) / last * static_cast<double>(count - 1));
    }
    constexpr double kNotZero = std::numeric_limits<float>::epsilon();
    for (std::size_t k = 0; k < count; ++k) {
        auto x = static_cast<double>(k);
        if (k + 1 == count && !std::isnan(cut.part)) {
            x = at[at.size() - 2] + (at.back() - at[at.size() - 2]) * cut.part;
        }
        const auto found = std::ranges::lower_bound(at, x) - at.begin();
        const auto j =
            static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(found - 1, 0, std::ssize(at) - 2));
        const auto at_x = [&](const std::vector<double>& v) {
            const double a = v[cut.points[j]];
            const double b = v[cut.points[j + 1]];
            return a + (b - a) / (at[j + 1] - at[j] + kNotZero) * (x - at[j]);
        };
        sum.rate[k] += at_x(curve.rate);
        sum.value[k] += at_x(curve.value);
    }
}

/// The scores of the pixels of each region, and of the normal ones behind them.
std::vector<std::vector<float>> by_region(const AllPixels& pixels,
                                          const std::vector<float>& scores) {
    std::vector<std::vector<float>> groups(pixels.weights.size() + 1);
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const auto region = pixels.region[i];
        (region == kNormalPixel ? groups.back() : groups[region]).push_back(scores[i]);
    }
    return groups;
}

}  // namespace
}  // namespace patchead

namespace patchead::inline metrics_detail {

RateCurve anomalib_1_curve_of(const AllPixels& pixels, double limit) {
    auto scores = pixels.scores;
    squash_like_torchmetrics(scores);
    auto groups = by_region(pixels, scores);
    const auto normal = tally(std::move(groups.back()));
    groups.pop_back();
    std::vector<float> all_anomalous;
    for (const auto& group : groups) {
        all_anomalous.insert(all_anomalous.end(), group.begin(), group.end());
    }
    const auto whole = roc_up_to(normal, tally(std::move(all_anomalous)), limit);
    const auto points = static_cast<std::size_t>(
        std::ranges::count_if(whole.rate, [&](double rate) { return rate <= limit; }));
    RateCurve mean{std::vector<double>(points), std::vector<double>(points)};
    const auto regions = static_cast<double>(groups.size());
    for (auto& group : groups) {
        const auto curve = roc_up_to(normal, tally(std::move(group)), limit);
        add_stretched(curve, cut_at(curve, limit), mean);
    }
    for (auto* numbers : {&mean.rate, &mean.value}) {
        for (auto& number : *numbers) { number /= regions; }
    }
    return mean;
}

}  // namespace patchead::inline metrics_detail

namespace patchead {

RateCurve anomalib_1_curve(const CategoryMaps& category, double limit) {
    return anomalib_1_curve_of(read_pixels(category), limit);
}

/// Source: anomalib 2.2, metrics/aupro.py.
Quantity pro_anomalib_1(const Evidence& evidence, const Argument& limit) {
    return emulated(evidence, [&] {
        const auto curve = anomalib_1_curve(evidence.category, limit.first);
        return area_by_rate(curve) / curve.rate.back();
    });
}

}  // namespace patchead
