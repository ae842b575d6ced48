#include "patchead/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "category.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

// Hand-checked in the specification.
TEST(ImageMetrics, AreThoseOfTheSpecification) {
    const auto plain = images({{false, .1F}, {false, .4F}, {true, .35F}, {true, .8F}});
    EXPECT_DOUBLE_EQ(metric(plain, "I-AUROC").value, 0.75);
    EXPECT_DOUBLE_EQ(metric(plain, "I-AP").value, 5.0 / 6);
    const auto ties =
        images({{false, .5F}, {true, .5F}, {false, .5F}, {true, .7F}, {true, .2F}, {false, .2F}});
    EXPECT_DOUBLE_EQ(metric(ties, "I-AUROC").value, 5.5 / 9);
    EXPECT_DOUBLE_EQ(metric(ties, "I-AP").value, 2.0 / 3);
}

TEST(ImageMetrics, OfScoresThatAllTieAreThoseOfChance) {
    const auto category = images({{true, 2}, {true, 2}, {false, 2}, {false, 2}});
    EXPECT_EQ(metric(category, "I-AUROC").value, 0.5);
    EXPECT_EQ(metric(category, "I-AP").value, 0.5);
    EXPECT_DOUBLE_EQ(metric(category, "I-F1max").value, 2.0 / 3);
}

// Thresholds .8, .35 and .1 select 1 of 1, 2 of 3 and 2 of 4: F1 2/3, 4/5, 2/3.
TEST(ImageMetrics, TakeTheBestF1OfAllThresholds) {
    const auto category = images({{false, .1F}, {false, .4F}, {true, .35F}, {true, .8F}});
    EXPECT_DOUBLE_EQ(metric(category, "I-F1max").value, 0.8);
}

TEST(ImageMetrics, TreatTheTwoZerosAsOneScore) {
    EXPECT_EQ(metric(images({{true, -0.0F}, {false, 0.0F}}), "I-AUROC").value, 0.5);
    EXPECT_EQ(metric(images({{true, 0.0F}, {false, -0.0F}}), "I-AUROC").value, 0.5);
}

TEST(ImageMetrics, OrderNegativeScores) {
    const auto category = images({{true, -1}, {false, -2}, {true, 1e-40F}, {false, -1e-40F}});
    EXPECT_EQ(metric(category, "I-AUROC").value, 0.75);
}

TEST(ImageMetrics, AreUndefinedWithoutBothClasses) {
    for (const auto* name : {"I-AUROC", "I-AP", "I-F1max"}) {
        const auto normal = metric(images({{false, 1}, {false, 2}}), name);
        EXPECT_TRUE(std::isnan(normal.value)) << name;
        EXPECT_EQ(normal.reason, "no anomalous image");
        const auto anomalous = metric(images({{true, 1}}), name);
        EXPECT_TRUE(std::isnan(anomalous.value)) << name;
        EXPECT_EQ(anomalous.reason, "no normal image");
    }
}

TEST(PixelMetrics, AreUndefinedIfAnAnomalousImageHasNoMask) {
    auto category = four_by_four();
    add(category, true, 2, std::vector<float>(16, 1));
    add(category, false, 0, std::vector<float>(16, 0));
    auto truth = truth_of(category);
    const auto whole = measure(category);
    for (const auto& [missing, reason] : {std::pair(1, "1 of 2 anomalous images have no mask"),
                                          std::pair(2, "no anomalous image has a mask")}) {
        truth.without_mask = missing;
        const auto found = measure(category.scores, category.anomalous, truth, category.options);
        ASSERT_EQ(found.size(), whole.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            const bool is_of_images = i < image_metric_names().size();
            EXPECT_EQ(std::isnan(found[i].value), !is_of_images) << found[i].name;
            EXPECT_EQ(found[i].reason, is_of_images ? "" : reason);
        }
    }
}

TEST(PixelMetrics, AreThoseOfTheSpecification) {
    EXPECT_NEAR(metric(four_by_four(), "P-AUROC").value, 0.9270833, 5e-8);
    EXPECT_NEAR(metric(four_by_four(), "P-AP").value, 0.8611111, 5e-8);
    EXPECT_NEAR(metric(four_by_four(), "AUPRO").value, 0.7796296, 5e-8);
}

// With 4-connectivity the corner pair are two regions of one pixel, each with twice the weight.
TEST(PixelMetrics, WeighRegionsByTheirNumberAndSize) {
    auto category = four_by_four();
    category.options.connectivity = 4;
    // Areas of the pixels .9, .8 and .7 are the whole limit; that of .2 (F0 2/12, F1 5/12) is
    // (0.3 - 2/12)^2 / (2 * 3/12). Of three regions, two are whole and one is half of each.
    const double tied = std::pow(0.3 - 2.0 / 12, 2) / (2 * 3.0 / 12) / 0.3;
    EXPECT_NEAR(metric(category, "AUPRO").value, (1 + 1 + 0.5 + 0.5 * tied) / 3, 1e-12);
}

// One region, one pixel above all: whatever the limit, the curve is 1.
TEST(PixelMetrics, AreOneForAPerfectMap) {
    Category category;
    add(category, true, 1, {0, 0.5F, 0.25F, 1}, {0, 0, 0, 1});
    for (const auto* name : {"P-AUROC", "P-AP", "P-F1max", "AUPRO"}) {
        EXPECT_EQ(metric(category, name).value, 1) << name;
    }
}

// All tied: F0 = 0 and F1 = 1, so the curve is the diagonal, and its area is 0.3 / 2.
TEST(PixelMetrics, IntegrateTheDiagonalWhenAllPixelsTie) {
    Category category;
    add(category, true, 1, {2, 2, 2, 2}, {0, 1, 0, 0});
    EXPECT_DOUBLE_EQ(metric(category, "AUPRO").value, 0.15);
    EXPECT_EQ(metric(category, "P-AUROC").value, 0.5);
    const auto compatible = metric(category, "PRO@200");
    EXPECT_TRUE(std::isnan(compatible.value));
    EXPECT_FALSE(compatible.reason.empty());
}

TEST(PixelMetrics, IntegrateUpToTheLimitThatIsAsked) {
    Category category;
    add(category, true, 1, {2, 2, 2, 2}, {0, 1, 0, 0});
    category.options.pro_limit = 1;
    EXPECT_DOUBLE_EQ(metric(category, "AUPRO").value, 0.5);
}

TEST(PixelMetrics, AreUndefinedWithoutBothClasses) {
    Category normal;
    add(normal, false, 0, {1, 2, 3, 4});
    add(normal, true, 1, {1, 2, 3, 4});  // Its mask vanished.
    Category anomalous;
    add(anomalous, true, 0, {1, 2, 3, 4}, {1, 1, 1, 1});
    for (const auto* name : {"P-AUROC", "P-AP", "P-F1max", "AUPRO", "PRO@200"}) {
        EXPECT_TRUE(std::isnan(metric(normal, name).value)) << name;
        EXPECT_EQ(metric(normal, name).reason, "no anomalous pixel");
        EXPECT_TRUE(std::isnan(metric(anomalous, name).value)) << name;
        EXPECT_EQ(metric(anomalous, name).reason, "no normal pixel");
    }
    EXPECT_EQ(metric(normal, "I-AUROC").value, 1) << "labels are by folder, not by mask";
}

TEST(PixelMetrics, CountTheImagesWithoutAnomalyUnlessToldOtherwise) {
    Category category;
    add(category, true, 1, {0, 1, 2, 3}, {0, 0, 1, 0});
    add(category, false, 0, {4, 4, 4, 4});
    EXPECT_DOUBLE_EQ(metric(category, "P-AUROC").value, 2.0 / 7);
    category.options.normal_images = false;
    EXPECT_DOUBLE_EQ(metric(category, "P-AUROC").value, 2.0 / 3);
}

class RankMetrics : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(, RankMetrics, testing::Range<std::uint64_t>(0, 8));

TEST_P(RankMetrics, DoNotChangeUnderAnIncreasingMapOfTheScores) {
    const auto category = noise(GetParam(), 9, 0.3);
    auto mapped = category;
    for (auto& s : mapped.scores.patches) { s = s * s * s - 100; }
    for (auto& s : mapped.scores.images) { s = std::exp2(s); }
    const auto before = measure(category);
    const auto after = measure(mapped);
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i].name == "PRO@200") { continue; }  // Not a rank metric.
        EXPECT_EQ(after[i].value, before[i].value) << before[i].name;
    }
}

TEST_P(RankMetrics, DoNotDependOnTheOrderOfTheImages) {
    const auto category = noise(GetParam(), 9, 0.3);
    Category reversed;
    for (std::size_t i = 6; i-- > 0;) {
        const auto map = category.scores.of(i);
        add(reversed, category.anomalous[i] != 0, category.scores.images[i],
            {map.begin(), map.end()}, category.masks[i].anomalous);
    }
    const auto before = measure(category);
    const auto after = measure(reversed);
    for (std::size_t i = 0; i < before.size(); ++i) {
        // Weights of tied pixels are added in another order; everything else is integers.
        EXPECT_NEAR(after[i].value, before[i].value, 1e-14) << before[i].name;
    }
}

/// PRO@200 as the peers write it: a mask for each threshold, no shared counts.
double restated_pro_at_200(const Category& category, double limit) {
    const auto& scores = category.scores.patches;
    const auto truth = truth_of(category);
    const auto [low, high] = std::ranges::minmax(scores);
    std::vector<std::pair<double, double>> points;
    for (int i = 0; i < 200; ++i) {
        const double threshold = low + i * ((static_cast<double>(high) - low) / 200);
        std::vector<double> hits(truth.region_sizes.size());
        double false_positives = 0;
        double normal = 0;
        for (std::size_t n = 0; n < category.masks.size(); ++n) {
            const auto map = category.scores.of(n);
            const auto& pixels = truth.images[n];
            for (std::size_t p = 0; p < pixels.index.size(); ++p) {
                hits[pixels.region[p]] += map[pixels.index[p]] > threshold ? 1 : 0;
            }
            for (std::size_t p = 0; p < map.size(); ++p) {
                if (category.masks[n].anomalous[p] != 0) { continue; }
                normal += 1;
                false_positives += map[p] > threshold ? 1 : 0;
            }
        }
        double overlap = 0;
        for (std::size_t r = 0; r < hits.size(); ++r) {
            overlap += hits[r] / truth.region_sizes[r];
        }
        if (false_positives / normal < limit) {
            points.emplace_back(false_positives / normal,
                                overlap / static_cast<double>(hits.size()));
        }
    }
    double area = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        area +=
            (points[i - 1].first - points[i].first) * (points[i - 1].second + points[i].second) / 2;
    }
    return area / (points.front().first - points.back().first);
}

TEST_P(RankMetrics, IncludeThePeersProAsThePeersComputeIt) {
    for (const int levels : {9, 1000}) {
        const auto category = noise(GetParam(), levels, 0.3);
        EXPECT_NEAR(metric(category, "PRO@200").value, restated_pro_at_200(category, 0.3), 1e-12);
    }
}

TEST(Measure, GivesEachRegisteredMetricOnceInOrder) {
    const auto set = measure(four_by_four());
    const auto names = metric_names();
    ASSERT_EQ(set.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) { EXPECT_EQ(set[i].name, names[i]); }
    EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
}

TEST(Measure, GivesFractionsOrNaNWithAReason) {
    for (const auto& category : {four_by_four(), noise(1, 3, 0.5), images({{true, 1}})}) {
        for (const auto& [name, value, reason, of_images] : measure(category)) {
            if (std::isnan(value)) {
                EXPECT_FALSE(reason.empty()) << name;
                EXPECT_EQ(reason.find(','), std::string::npos) << "tables are CSV: " << reason;
            } else {
                EXPECT_TRUE(reason.empty() && value >= 0 && value <= 1) << name << " " << value;
            }
        }
    }
}

TEST(Measure, NamesTheImageWhoseScoreIsNotFinite) {
    const auto expect_named = [](const Category& category) {
        try {
            (void)measure(category);
            FAIL() << "a damaged score was ranked";
        } catch (const DataError& error) {
            EXPECT_NE(std::string(error.what()).find("'image/1'"), std::string::npos)
                << error.what();
        }
    };
    auto category = noise(0, 9, 0.3);
    category.scores.patches[64 + 5] = std::nanf("");
    expect_named(category);
    category = noise(0, 9, 0.3);
    category.scores.images[1] = std::numeric_limits<float>::infinity();
    expect_named(category);
}

// What ranks pixels does not care how they lie: 8 x 8 pixels are 4 x 16 or 32 x 2.
TEST(Measure, TakesImagesOfAnySize) {
    const auto square = noise(0, 9, 0.3);
    const std::vector<MapSize> sizes{{8, 8}, {4, 16}, {32, 2}, {64, 1}, {2, 32}, {16, 4}};
    const auto reshaped = [&](std::size_t image) {
        auto mask = square.masks[image];
        mask.height = sizes[image].height;
        mask.width = sizes[image].width;
        return mask;
    };
    const auto truth = find_regions(reshaped, square.anomalous, 8);
    auto options = square.options;
    options.side_px = kNativeSide;
    const auto maps = [&](std::size_t image) { return square.scores.of(image); };
    const auto values = measure(square.scores, maps, square.anomalous, truth, options);
    const auto expected = measure(square);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i].name.starts_with("P-")) { continue; }
        EXPECT_EQ(values[i].value, expected[i].value) << values[i].name;
    }
}

TEST(Measure, RefusesLabelsOrMasksOfOtherImages) {
    const auto category = noise(0, 9, 0.3);
    const auto truth = truth_of(category);
    const std::vector<std::uint8_t> fewer(5);
    EXPECT_THROW((void)measure(category.scores, fewer, truth, category.options), DataError);
    auto options = category.options;
    options.side_px = 16;
    EXPECT_THROW((void)measure(category.scores, category.anomalous, truth, options), DataError);
}

}  // namespace
}  // namespace patchead
