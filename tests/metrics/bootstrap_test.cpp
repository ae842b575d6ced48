#include "patchead/metrics/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

struct Scored {
    std::vector<float> scores;
    std::vector<std::uint8_t> anomalous;
};

/// Scores of few levels, so that many tie; anomalous images are a little higher.
Scored tied(std::size_t normal, std::size_t anomalous, std::uint64_t seed) {
    Random random("tied", seed);
    Scored images;
    for (std::size_t i = 0; i < normal + anomalous; ++i) {
        const bool is_anomalous = i % (1 + normal / anomalous) == 0;
        images.anomalous.push_back(is_anomalous ? 1 : 0);
        images.scores.push_back(static_cast<float>(random.below(8)) - (is_anomalous ? 2.0F : 4.0F));
    }
    return images;
}

/// The images of a resample, one by one, as often as they were drawn.
Scored drawn(const Scored& from, std::span<const std::uint16_t> times) {
    Scored images;
    for (std::size_t i = 0; i < times.size(); ++i) {
        for (int k = 0; k < times[i]; ++k) {
            images.scores.push_back(from.scores[i]);
            images.anomalous.push_back(from.anomalous[i]);
        }
    }
    return images;
}

TEST(Resamples, DrawAsManyOfEachClassAsThereAre) {
    const auto images = tied(30, 10, 1);
    const Resamples resamples(images.anomalous, 50, Random("draw", 1));
    std::vector<std::uint64_t> totals(images.scores.size());
    for (std::size_t i = 0; i < resamples.count(); ++i) {
        const auto some = drawn(images, resamples.of(i));
        EXPECT_EQ(std::ranges::count(some.anomalous, 1), std::ranges::count(images.anomalous, 1));
        EXPECT_EQ(some.scores.size(), images.scores.size());
        for (std::size_t k = 0; k < totals.size(); ++k) { totals[k] += resamples.of(i)[k]; }
    }
    // Binomial(50 n, 1 / n): 50 on average, deviation 7.
    for (const auto total : totals) { EXPECT_NEAR(static_cast<double>(total), 50, 35); }
}

TEST(Resamples, DependOnTheirRandomnessOnly) {
    const auto images = tied(30, 10, 1);
    const auto bytes = [&](std::uint64_t seed, std::size_t count) {
        const Resamples resamples(images.anomalous, count, Random("draw", seed));
        const auto of = resamples.of(4);
        return std::vector<std::uint16_t>(of.begin(), of.end());
    };
    EXPECT_EQ(bytes(1, 5), bytes(1, 50));  // More of them leave the first ones alone.
    EXPECT_NE(bytes(1, 5), bytes(2, 5));
}

// The metric of the images written down as often as they were drawn, by the definition itself.
TEST(ResampleMetric, IsTheMetricOfTheImagesThatWereDrawn) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto images = tied(23, 7 + seed, seed);
        const Resamples resamples(images.anomalous, 20, Random("draw", seed));
        for (const auto* metric : {"I-AUROC", "I-AP", "I-F1max"}) {
            const auto values = resample_metric(metric, images.scores, images.anomalous, resamples);
            ASSERT_EQ(values.size(), 20U);
            for (std::size_t i = 0; i < values.size(); ++i) {
                const auto some = drawn(images, resamples.of(i));
                const auto set = measure_images(some.scores, some.anomalous);
                const auto found = std::ranges::find(set, metric, &MetricValue::name);
                ASSERT_NE(found, set.end());
                EXPECT_EQ(values[i], found->value) << metric;
            }
        }
    }
}

TEST(ResampleMetric, CountsPairsForAuroc) {
    const auto images = tied(40, 12, 3);
    const Resamples resamples(images.anomalous, 10, Random("draw", 3));
    const auto values = resample_metric("I-AUROC", images.scores, images.anomalous, resamples);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto some = drawn(images, resamples.of(i));
        double won = 0, pairs = 0;
        for (std::size_t p = 0; p < some.scores.size(); ++p) {
            for (std::size_t n = 0; n < some.scores.size(); ++n) {
                if (some.anomalous[p] == 0 || some.anomalous[n] != 0) { continue; }
                won += some.scores[p] > some.scores[n]    ? 1
                       : some.scores[p] == some.scores[n] ? 0.5
                                                          : 0;
                ++pairs;
            }
        }
        EXPECT_DOUBLE_EQ(values[i], won / pairs);
    }
}

TEST(ResampleMetric, IsEmptyWithoutBothClasses) {
    const std::vector<std::uint8_t> normal(5, 0), anomalous(5, 1);
    const std::vector<float> scores{1, 2, 3, 4, 5};
    for (const auto& labels : {normal, anomalous}) {
        const Resamples resamples(labels, 10, Random("draw", 1));
        EXPECT_TRUE(resample_metric("I-AUROC", scores, labels, resamples).empty());
    }
}

TEST(ResampleMetric, KnowsMetricsOfImagesOnly) {
    const std::vector<std::uint8_t> labels{0, 1};
    const Resamples resamples(labels, 1, Random("draw", 1));
    EXPECT_THROW(
        static_cast<void>(resample_metric("AUPRO", std::vector<float>{1, 2}, labels, resamples)),
        ConfigError);
}

TEST(MeasureImages, RefusesScoresOfOtherImages) {
    EXPECT_THROW(
        static_cast<void>(measure_images(std::vector<float>{1, 2}, std::vector<std::uint8_t>{1})),
        DataError);
}

// numpy.percentile(range(11), [2.5, 97.5]) is [0.25, 9.75]; of [3, 1], [1.05, 2.95].
TEST(PercentileInterval, InterpolatesLinearly) {
    std::vector<double> values(11);
    std::iota(values.rbegin(), values.rend(), 0);
    EXPECT_DOUBLE_EQ(percentile_interval(values).low, 0.25);
    EXPECT_DOUBLE_EQ(percentile_interval(values).high, 9.75);
    EXPECT_DOUBLE_EQ(percentile_interval({3, 1}).low, 1.05);
    EXPECT_DOUBLE_EQ(percentile_interval({3, 1}).high, 2.95);
    EXPECT_DOUBLE_EQ(percentile_interval({3, 1}, 0.5).low, 1.5);
    EXPECT_EQ(percentile_interval({7}), (Interval{7, 7}));
}

TEST(Significance, IsTwiceTheShareOnTheRarerSide) {
    EXPECT_DOUBLE_EQ(significance(std::vector<double>(99, 1.0)), 2.0 / 100);
    EXPECT_DOUBLE_EQ(significance(std::vector<double>(99, -1.0)), 2.0 / 100);
    EXPECT_DOUBLE_EQ(significance(std::vector<double>(99, 0.0)), 1);
    EXPECT_DOUBLE_EQ(significance(std::vector<double>(99, 1e-17)), 1);
    std::vector<double> some(99, 1.0);
    std::fill_n(some.begin(), 4, -1.0);
    EXPECT_DOUBLE_EQ(significance(some), 2.0 * 5 / 100);
}

// Normal images score N(0, 1), anomalous ones N(1, 1): the AUROC of the population is
// Phi(1 / sqrt 2). Of 400 test sets the 95 % intervals of about 380 should hold it; the deviation
// of their number is 4.4, and percentile intervals of AUROC are known to be a little narrow.
TEST(Bootstrap, CoversTheTruthAboutAsOftenAsItSays) {
    const double truth = 0.5 * std::erfc(-0.5);
    constexpr int kSets = 400;
    int covered = 0;
    for (std::uint64_t set = 0; set < kSets; ++set) {
        Random random("population", set);
        Scored images;
        for (int i = 0; i < 100; ++i) {
            images.anomalous.push_back(i < 40 ? 1 : 0);
            images.scores.push_back(static_cast<float>(random.normal() + (i < 40 ? 1 : 0)));
        }
        const Resamples resamples(images.anomalous, 400, Random("draw", set));
        const auto interval = percentile_interval(
            resample_metric("I-AUROC", images.scores, images.anomalous, resamples));
        covered += interval.low <= truth && truth <= interval.high ? 1 : 0;
    }
    EXPECT_GE(covered, 0.92 * kSets);
    EXPECT_LE(covered, 0.98 * kSets);
}

}  // namespace
}  // namespace patchead
