#include "patchead/metrics/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "evidence.hpp"
#include "float_key.hpp"
#include "image_ranking.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

/// A ranking whose images can be counted anew. Only the counts of a resample differ from those of
/// the images themselves, so nothing is sorted again.
class RecountedImages {
  public:
    RecountedImages(std::span<const float> scores, std::span<const std::uint8_t> anomalous)
        : evidence_{.images = rank_images(scores, anomalous), .pixels = {}},
          counts_(evidence_.images.thresholds) {
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const auto key = descending_key(scores[i]);
            const auto at = std::ranges::lower_bound(counts_, key, {}, &Threshold::key);
            // A normal image below all anomalous ones is in no count but that of all.
            if (at == counts_.end()) { continue; }
            const auto threshold = static_cast<std::size_t>(at - counts_.begin());
            const auto count = at->key != key      ? &Threshold::negatives_above
                               : anomalous[i] != 0 ? &Threshold::positives
                                                   : &Threshold::negatives;
            places_.push_back({i, threshold, count});
        }
    }

    /// `times[n]`: how often each image counts; as many normal and anomalous ones as there are.
    const Evidence& count(std::span<const std::uint16_t> times) {
        for (auto& threshold : counts_) {
            threshold.positives = threshold.negatives = threshold.negatives_above = 0;
        }
        for (const auto& [image, threshold, to] : places_) {
            counts_[threshold].*to += times[image];
        }
        evidence_.images.thresholds.clear();
        std::int64_t above = 0;  // So far only those since the threshold before were counted.
        for (auto& threshold : counts_) {
            threshold.negatives_above += above;
            above = threshold.negatives_above + threshold.negatives;
            if (threshold.positives > 0) { evidence_.images.thresholds.push_back(threshold); }
        }
        return evidence_;
    }

    [[nodiscard]] bool lacks_class() const { return !missing_class(evidence_.images).empty(); }

  private:
    struct Place {
        std::size_t image;
        std::size_t threshold;
        std::int64_t Threshold::*count;  ///< Which of the threshold's counts the image is in.
    };
    Evidence evidence_;
    std::vector<Threshold> counts_;  ///< At all scores of anomalous images, drawn or not.
    std::vector<Place> places_;
};

/// `at` in [0, 1] of the way through sorted `values`.
double percentile(const std::vector<double>& values, double at) {
    const double place = at * static_cast<double>(values.size() - 1);
    const auto before = static_cast<std::size_t>(std::floor(place));
    const auto after = std::min(before + 1, values.size() - 1);
    const double part = place - static_cast<double>(before);
    return values[before] + part * (values[after] - values[before]);
}

}  // namespace

Resamples::Resamples(std::span<const std::uint8_t> anomalous, std::size_t count, Random random)
    : images_(anomalous.size()), count_(count), times_(images_ * count) {
    require<DataError>(images_ <= std::numeric_limits<std::uint16_t>::max(), images_,
                       " test images in one category (counts of resamples have 16 bits); ",
                       "leave the bootstrap out");
    std::vector<std::size_t> classes[2];
    for (std::size_t i = 0; i < images_; ++i) { classes[anomalous[i] != 0 ? 1 : 0].push_back(i); }
    const auto draw = [&](const std::vector<std::size_t>& images, std::size_t resample) {
        for (std::size_t i = 0; i < images.size(); ++i) {
            ++times_[resample * images_ + images[random.below(images.size())]];
        }
    };
    for (std::size_t resample = 0; resample < count; ++resample) {
        for (const auto& images : classes) { draw(images, resample); }
    }
}

std::vector<double> resample_metric(std::string_view metric, std::span<const float> scores,
                                    std::span<const std::uint8_t> anomalous,
                                    const Resamples& resamples) {
    const auto& found = find(image_metrics(), "metric of images", metric);
    RecountedImages images(scores, anomalous);
    std::vector<double> values;
    if (images.lacks_class()) { return values; }
    values.reserve(resamples.count());
    for (std::size_t i = 0; i < resamples.count(); ++i) {
        values.push_back(found.compute(images.count(resamples.of(i))).value);
    }
    return values;
}

Interval percentile_interval(std::vector<double> values, double level) {
    PATCHEAD_ASSERT(!values.empty());
    std::ranges::sort(values);
    return {percentile(values, (1 - level) / 2), percentile(values, (1 + level) / 2)};
}

double significance(std::span<const double> differences) {
    constexpr double kNoise = 1e-12;  // Of sums of counts that are equal; far below a count.
    const auto below = std::ranges::count_if(differences, [](double d) { return d <= kNoise; });
    const auto above = std::ranges::count_if(differences, [](double d) { return d >= -kNoise; });
    const auto rarer = static_cast<double>(1 + std::min(below, above));
    return std::min(1.0, 2 * rarer / static_cast<double>(differences.size() + 1));
}

}  // namespace patchead
