#include "words/member.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "patchead/results/point.hpp"

namespace patchead::inline report_detail {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

std::size_t place_of(StudyMeasure measure) { return static_cast<std::size_t>(measure); }

/// How often each image counts. Shape: `[n]`.
using ImageCounts16 = std::span<const std::uint16_t>;

/// Mean and mean of squares of numbers of the images of one kind.
struct ClassMoments {
    double mean = 0;
    double square = 0;
};

/// Moments of both kinds, normal ones first.
struct BothMoments {
    ClassMoments of[2];

    [[nodiscard]] double difference() const { return of[1].mean - of[0].mean; }
    /// Of all images, where both kinds weigh the same.
    [[nodiscard]] double mean() const { return (of[0].mean + of[1].mean) / 2; }
    [[nodiscard]] double deviation() const {
        const double square = (of[0].square + of[1].square) / 2;
        return std::sqrt(std::max(0.0, square - mean() * mean()));
    }
};

BothMoments moments(const std::vector<double>& values, const std::vector<std::uint8_t>& anomalous,
                    ImageCounts16 times) {
    BothMoments both;
    double images[2] = {0, 0};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto kind = anomalous[i] != 0 ? 1 : 0;
        images[kind] += times[i];
        both.of[kind].mean += times[i] * values[i];
        both.of[kind].square += times[i] * values[i] * values[i];
    }
    for (int kind = 0; kind < 2; ++kind) {
        both.of[kind].mean /= images[kind];
        both.of[kind].square /= images[kind];
    }
    return both;
}

/// Bins of equal width from the lowest to the highest score.
std::vector<std::size_t> bins_of(const std::vector<double>& scores, int bins) {
    const auto [low, high] = std::ranges::minmax(scores);
    std::vector<std::size_t> places;
    places.reserve(scores.size());
    for (const double score : scores) {
        const double share = high > low ? (score - low) / (high - low) : 0;
        const auto place = static_cast<std::size_t>(share * bins);
        places.push_back(std::min(place, static_cast<std::size_t>(bins) - 1));
    }
    return places;
}

/// A member with what does not change from resample to resample.
class PreparedMember {
  public:
    PreparedMember(const StudyMember& member, const TextStudyOptions& options)
        : anomalous_(member.row->anomalous),
          options_(options),
          scores_(member.row->scores.begin(), member.row->scores.end()),
          bins_(bins_of(scores_, options.bins)),
          agreement_(scores_) {
        if (member.negative != nullptr) {
            for (std::size_t i = 0; i < agreement_.size(); ++i) {
                agreement_[i] = (scores_[i] - member.negative->scores[i]) / 2;
            }
        }
        if (member.plain == nullptr || member.plain == member.row) { return; }
        plain_.assign(member.plain->scores.begin(), member.plain->scores.end());
        for (std::size_t i = 0; i < plain_.size(); ++i) {
            moved_.push_back(scores_[i] - plain_[i]);
        }
    }

    /// All but the AUROC.
    [[nodiscard]] MemberValues measure(ImageCounts16 times) const {
        const auto scores = moments(scores_, anomalous_, times);
        MemberValues values{};
        values[place_of(StudyMeasure::mean_normal)] = scores.of[0].mean;
        values[place_of(StudyMeasure::mean_anomalous)] = scores.of[1].mean;
        values[place_of(StudyMeasure::overlap)] = overlap(times);
        const double difference = moments(agreement_, anomalous_, times).difference();
        values[place_of(StudyMeasure::bound)] =
            options_.in_deviations ? in_units(difference, scores.deviation()) : difference;
        values[place_of(StudyMeasure::shift)] = kNothing;
        if (!plain_.empty()) {
            const double moved = spread(moved_, times);
            values[place_of(StudyMeasure::shift)] =
                options_.in_deviations
                    ? in_units(moved, moments(plain_, anomalous_, times).deviation())
                    : moved;
        }
        return values;
    }

  private:
    /// Where all scores are the same nothing is told apart.
    static double in_units(double value, double unit) {
        if (unit > 0) { return value / unit; }
        return value == 0 ? 0 : kNothing;
    }

    /// Mean distance from the mean.
    [[nodiscard]] double spread(std::vector<double> values, ImageCounts16 times) const {
        const double mean = moments(values, anomalous_, times).mean();
        for (auto& value : values) { value = std::abs(value - mean); }
        return moments(values, anomalous_, times).mean();
    }

    [[nodiscard]] double overlap(ImageCounts16 times) const {
        std::vector<double> kinds[2];
        double images[2] = {0, 0};
        for (auto& kind : kinds) { kind.resize(static_cast<std::size_t>(options_.bins)); }
        for (std::size_t i = 0; i < bins_.size(); ++i) {
            const auto kind = anomalous_[i] != 0 ? 1 : 0;
            kinds[kind][bins_[i]] += times[i];
            images[kind] += times[i];
        }
        double shared = 0;
        for (std::size_t bin = 0; bin < kinds[0].size(); ++bin) {
            shared += std::min(kinds[0][bin] / images[0], kinds[1][bin] / images[1]);
        }
        return shared;
    }

    const std::vector<std::uint8_t>& anomalous_;
    const TextStudyOptions& options_;
    std::vector<double> scores_;
    std::vector<std::size_t> bins_;  ///< Of each image, in the histogram of all.
    std::vector<double> agreement_;  ///< Score with positives less that with negatives, halved.
    std::vector<double> plain_;      ///< Scores with nothing augmented; empty: not compared.
    std::vector<double> moved_;      ///< Where each is, seen from that.
};

}  // namespace

MemberNumbers measure_member(const StudyMember& member, const Resamples& resamples,
                             const TextStudyOptions& options) {
    const PreparedMember prepared(member, options);
    const auto& row = *member.row;
    const std::vector<std::uint16_t> once(row.scores.size(), 1);
    MemberNumbers numbers;
    numbers.values = prepared.measure(once);
    const auto* auroc = find_metric(row.metrics, kResampledMetric);
    numbers.values[place_of(StudyMeasure::auroc)] = auroc == nullptr ? kNothing : auroc->value;
    const auto aurocs = resample_metric(kResampledMetric, row.scores, row.anomalous, resamples);
    for (std::size_t i = 0; i < resamples.count(); ++i) {
        numbers.resamples.push_back(prepared.measure(resamples.of(i)));
        numbers.resamples.back()[place_of(StudyMeasure::auroc)] = aurocs[i];
    }
    return numbers;
}

}  // namespace patchead::inline report_detail
