#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "argument.hpp"
#include "evidence.hpp"
#include "patchead/core/error.hpp"
#include "regions_of.hpp"

namespace patchead {
namespace {

/// Share of log rates between `low` and `high` at which a pixel is selected that comes in at
/// `rate`.
double share_of(double rate, double low, double high) {
    if (rate <= low) { return 1; }
    if (rate >= high) { return 0; }
    return std::log(high / rate) / std::log(high / low);
}

/// Why there is none; empty if there is.
std::string why_undefined(const Evidence& evidence, double low) {
    const auto& pixels = evidence.pixels;
    if (auto reason = missing_class(pixels.ranking); !reason.empty()) { return reason; }
    if (pixels.normal_images == 0) { return "no image without anomaly counts"; }
    const double finest = 1 / (static_cast<double>(pixels.smallest_normal_area) *
                               static_cast<double>(pixels.normal_images));
    if (finest > low) {
        return concat("the normal images have too few pixels to tell a rate of ", low,
                      " (one of their pixels is ", finest, ")");
    }
    return {};
}

}  // namespace

/// Area under the per-image overlap curve: the recall within one anomalous image against the false
/// positive rate that all normal images share (mean of their shares of pixels at or above the
/// threshold), from `low` to `high` on a log axis, divided by its length; mean over the images.
///
/// At a rate x counts the lowest threshold whose rate is at most x, so that the curve is a
/// staircase and its area a mean over the anomalous pixels of an image: no grid of thresholds.
/// Source: Bertoldo et al., "AUPIMO", BMVC 2024.
Quantity aupimo(const Evidence& evidence, const Argument& rates) {
    if (auto reason = why_undefined(evidence, rates.first); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const auto& truth = *evidence.category.truth;
    const auto& pixels = evidence.pixels;
    const auto image_of = images_of_regions(truth);
    std::vector<double> sums(truth.images.size());
    std::size_t at = 0;
    double share = 0;
    for (std::size_t i = 0; i < pixels.positives.size(); ++i) {
        const auto& positive = pixels.positives[i];
        const bool is_next = i > 0 && positive.key != pixels.positives[i - 1].key;
        if (is_next) { ++at; }
        if (is_next || i == 0) {
            share = share_of(pixels.normal_rates[at], rates.first, rates.second);
            if (share == 0) { break; }  // Rates rise from here on.
        }
        sums[image_of[positive.region]] += share;
    }
    std::vector<double> values(sums.size(), std::numeric_limits<double>::quiet_NaN());
    double sum = 0;
    std::size_t images = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto area = truth.images[i].index.size();
        if (area == 0) { continue; }
        // Rounding of the sum: a share of 1 of every pixel is 1.
        values[i] = std::min(1.0, sums[i] / static_cast<double>(area));
        sum += values[i];
        ++images;
    }
    Quantity quantity(sum / static_cast<double>(images));
    quantity.images = std::move(values);
    return quantity;
}

}  // namespace patchead
