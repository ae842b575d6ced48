#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "category.hpp"
#include "patchead/core/error.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "support/error_of.hpp"

namespace patchead {
namespace {

using Names = std::vector<std::string>;

MetricValue asked(const Category& category, const std::string& name, MetricRequest request = {},
                  std::vector<std::uint32_t> saturation_px = {}) {
    request.names = asked_metrics({name});
    auto truth = truth_of(category);
    truth.saturation_px = std::move(saturation_px);
    return measure(category.scores, category.anomalous, truth, category.options, request).at(0);
}

TEST(AskedMetrics, AreTheDefaultIfNothingIsAsked) {
    const auto names = metric_names();
    EXPECT_EQ(asked_metrics({}), Names(names.begin(), names.end()));
    EXPECT_EQ(asked_metrics({"default"}), asked_metrics({}));
}

TEST(AskedMetrics, HaveOneNameForOneNumberAndStandInTheOrderAsked) {
    EXPECT_EQ(asked_metrics({"P-AP", "AUPRO@5e-2", "I-AUROC", "AUPRO@0.050", "P-AP"}),
              (Names{"P-AP", "AUPRO@0.05", "I-AUROC"}));
    EXPECT_EQ(asked_metrics({"SegF1@-0", "AUPIMO@0.00001:1e-4"}),
              (Names{"SegF1@0", "AUPIMO@1e-05:1e-04"}));
}

TEST(AskedMetrics, AllAreTheDefaultAndThoseOfScoresAndMasksAloneNoneOfThemEmulated) {
    const auto all = asked_metrics({"all"});
    const auto few = asked_metrics({});
    EXPECT_TRUE(std::equal(few.begin(), few.end(), all.begin()));
    for (const auto& name : all) {
        EXPECT_EQ(emulation_note(name), "") << name;
        const auto value = asked(noise(1, 9, 0.3), name);
        EXPECT_TRUE(!std::isnan(value.value) || name.starts_with("AUPIMO")) << name;
    }
    for (const auto* name : {"AUPRO@0.01", "AUPRO@0.05", "AUPRO@0.1", "AUPRO@0.3", "AUPIMO"}) {
        EXPECT_EQ(std::ranges::count(all, std::string(name)), 1) << name;
    }
}

TEST(AskedMetrics, RefuseWhatTheyDoNotTake) {
    for (const auto* name : {"AUPRO@0", "AUPRO@1.5", "AUPRO@", "AUPRO@x", "AUPIMO@0.1:0.01",
                             "AUPIMO@0.1", "I-TPR@FPR2", "SegF1@nan", "SegF1@inf"}) {
        const auto message = error_of([&] { (void)asked_metrics({name}); });
        EXPECT_NE(message.find("is no argument of it"), std::string::npos) << name << message;
    }
    for (const auto* name : {"AUPR0", "sPRO0.05", "pro:musc2000", "I-TPR", ""}) {
        const auto message = error_of([&] { (void)asked_metrics({name}); });
        EXPECT_NE(message.find("unknown metric"), std::string::npos) << name << message;
    }
    EXPECT_NE(
        error_of([] { (void)asked_metrics({"pro:musc20"}); }).find("did you mean 'pro:musc200'?"),
        std::string::npos);
}

TEST(AskedMetrics, OfOneSweepAreThoseOfSweepsWithOtherOptions) {
    auto category = noise(3, 9, 0.3);
    for (const auto& [limit, name] :
         {std::pair(0.01, "AUPRO@0.01"), std::pair(0.1, "AUPRO@0.1"), std::pair(1.0, "AUPRO@1")}) {
        category.options.pro_limit = limit;
        EXPECT_EQ(asked(category, name).value, metric(category, "AUPRO").value) << name;
    }
}

TEST(AskedMetrics, DoNotChangeOneAnother) {
    const auto category = noise(2, 9, 0.3);
    const auto names = asked_metrics({"all", "sPRO@0.3", "SegF1@0", "pro:musc200"});
    const auto truth = truth_of(category);
    const auto together =
        measure(category.scores, category.anomalous, truth, category.options, {.names = names});
    ASSERT_EQ(together.size(), names.size());
    for (const auto& value : together) {
        const auto alone = asked(category, value.name);
        EXPECT_EQ(alone.reason, value.reason);
        if (!std::isnan(value.value)) { EXPECT_EQ(alone.value, value.value) << value.name; }
    }
}

// 4 normal images 1 2 3 4 and 4 anomalous ones 2 3.5 4 5.
TEST(RatesAt, AreThoseOfAThresholdThatExists) {
    const auto category = images({{false, 1},
                                  {false, 2},
                                  {false, 3},
                                  {false, 4},
                                  {true, 2},
                                  {true, 3.5F},
                                  {true, 4},
                                  {true, 5}});
    EXPECT_EQ(asked(category, "I-TPR@FPR0.2").value, 0.25) << "at 4 a normal one ties";
    EXPECT_EQ(asked(category, "I-TPR@FPR0.25").value, 0.75) << "4 and 3.5, with one of four";
    EXPECT_EQ(asked(category, "I-TPR@FPR1").value, 1);
    EXPECT_EQ(asked(category, "I-TNR@FNR0.2").value, 0.25) << "none may be missed: from 2 up";
    EXPECT_EQ(asked(category, "I-TNR@FNR0.25").value, 0.75);
    EXPECT_EQ(asked(category, "I-TNR@FNR1").value, 1);
}

TEST(F1AtAThreshold, CountsWhatScoresAboveIt) {
    const auto category = images({{false, 1}, {false, 3}, {true, 2}, {true, 3}, {true, 4}});
    EXPECT_DOUBLE_EQ(asked(category, "ClassF1@2").value, 2 * 2.0 / (3 + 3));
    EXPECT_EQ(asked(category, "ClassF1@9").value, 0);
    EXPECT_DOUBLE_EQ(asked(category, "ClassF1", {.image_threshold = 3}).value, 2 * 1.0 / (3 + 1));
    Category pixels;
    add(pixels, true, 1, {0, 1, 2, 3}, {0, 1, 0, 1});
    EXPECT_DOUBLE_EQ(asked(pixels, "SegF1@1").value, 2 * 1.0 / (2 + 2));
    EXPECT_DOUBLE_EQ(asked(pixels, "SegF1@0.999999999").value, 2 * 2.0 / (2 + 3));
    EXPECT_DOUBLE_EQ(asked(pixels, "SegF1", {.pixel_threshold = 2}).value, 2 * 1.0 / (2 + 1));
}

TEST(F1AtAThreshold, IsUndefinedWithoutOne) {
    for (const auto* name : {"SegF1", "ClassF1"}) {
        const auto value = asked(noise(1, 9, 0.3), name);
        EXPECT_TRUE(std::isnan(value.value));
        EXPECT_NE(value.reason.find("no threshold"), std::string::npos) << value.reason;
    }
}

// One of the 16 normal pixels is at or above 9.5, all are at or above 0, none is above 99.
TEST(Aupimo, IsTheMeanOfTheImagesOverLogRates) {
    Category category;
    add(category, false, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0});
    add(category, true, 1, {9.5F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    add(category, true, 1, {99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    const auto value = asked(category, "AUPIMO@0.0625:1");
    ASSERT_EQ(value.images.size(), 3U);
    EXPECT_TRUE(std::isnan(value.images[0]));
    EXPECT_DOUBLE_EQ(value.images[1], 0.5) << "from the lowest rate on that 16 pixels have";
    EXPECT_DOUBLE_EQ(value.images[2], 1);
    EXPECT_DOUBLE_EQ(value.value, 0.75);
    EXPECT_DOUBLE_EQ(asked(category, "AUPIMO@0.0625:0.25").images[1], 0.5);
    const auto fine = asked(category, "AUPIMO");
    EXPECT_TRUE(std::isnan(fine.value));
    EXPECT_NE(fine.reason.find("too few pixels"), std::string::npos) << fine.reason;
    category.options.normal_images = false;
    EXPECT_TRUE(std::isnan(asked(category, "AUPIMO@0.1:1").value));
}

// Each normal image has the same weight, however large: 0.5 of 4 pixels and 0 of 16 are 0.25.
TEST(Aupimo, SharesRatesBetweenImagesOfSeveralSizes) {
    const std::vector<std::vector<float>> maps{
        {5, 5, 0, 0}, std::vector<float>(16, 0), {5, 0, 0, 0}};
    const std::vector<Mask> masks{
        {2, 2, {0, 0, 0, 0}}, {4, 4, std::vector<std::uint8_t>(16)}, {2, 2, {1, 0, 0, 0}}};
    const std::vector<std::uint8_t> anomalous{0, 0, 1};
    const auto truth = find_regions([&](std::size_t i) { return masks[i]; }, anomalous, 8);
    MetricOptions options;
    options.side_px = kNativeSide;
    const PatchScores scores{{}, {"a", "b", "c"}, {}, {0, 0, 1}};
    const auto set = measure(scores, [&](std::size_t i) { return std::span<const float>(maps[i]); },
                             anomalous, truth, options, {.names = {"AUPIMO@0.125:1"}});
    EXPECT_DOUBLE_EQ(set[0].value, std::log(1 / 0.25) / std::log(1 / 0.125));
}

TEST(SaturatedPro, IsAuproWhereAllOfARegionIsNeededAndMoreWhereLessIs) {
    const auto category = noise(4, 9, 0.3);
    const auto sizes = truth_of(category).region_sizes;
    EXPECT_NEAR(asked(category, "sPRO@0.3", {}, sizes).value, asked(category, "AUPRO@0.3").value,
                1e-14);
    const std::vector<std::uint32_t> ones(sizes.size(), 1);
    EXPECT_GT(asked(category, "sPRO@0.3", {}, ones).value, asked(category, "AUPRO@0.3").value);
    EXPECT_NE(asked(category, "sPRO").reason.find("no saturation areas"), std::string::npos);
}

/// With `masks` as the mask files of the first image.
GroundTruth marked_truth(const Category& category, const std::vector<MarkedMask>& masks) {
    auto truth = truth_of(category);
    const auto of_image = [&](std::size_t image) {
        return image == 0 ? masks : std::vector<MarkedMask>{};
    };
    mark_regions(of_image, 1, truth);
    return truth;
}

// Two files of four pixels that share one; the second is in two pieces, and half of it is enough.
TEST(SaturatedPro, TakesEachMaskFileForARegionWhetherConnectedOrNot) {
    Category category;
    add(category, true, 1, {9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 1, 0, 0, 0, 0},
        {1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    const Mask first{4, 4, {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
    const Mask second{4, 4, {0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
    const Mask none{4, 4, std::vector<std::uint8_t>(16)};
    const auto truth = marked_truth(category, {{first, 99}, {none, 1}, {second, 1.9}});
    EXPECT_EQ(truth.marked.saturation_px, (std::vector<std::uint32_t>{4, 1}));
    EXPECT_EQ(truth.marked.images[0].index, (std::vector<std::uint32_t>{0, 1, 2, 3, 3, 4, 6}));
    // All of the first file scores above each normal pixel, and one pixel of the second, too.
    const auto value = [&](const std::string& name) {
        return measure(category.scores, category.anomalous, truth, category.options,
                       {.names = {name}})
            .at(0)
            .value;
    };
    EXPECT_DOUBLE_EQ(value("sPRO@0.1"), 1);
    auto worse = category;
    worse.scores.patches = {9, 8, 7, 1, 1, 4, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0};
    // At rate 0 three of four pixels of the first; at 2 of 10 normal pixels all of both.
    const auto set =
        measure(worse.scores, worse.anomalous, truth, worse.options, {.names = {"sPRO@0.2"}});
    EXPECT_NEAR(set.at(0).value, 0.375, 1e-12);
}

TEST(MarkedRegions, AreCroppedAsTheMasksAre) {
    Category category;
    add(category, true, 1, std::vector<float>(16, 1),
        {1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    category.options.kept_side = 0.5;
    auto truth = truth_of(category);
    const Mask whole = category.masks[0];
    mark_regions([&](std::size_t) { return std::vector<MarkedMask>{{whole, 4}}; }, 0.5, truth);
    EXPECT_EQ(truth.marked.images[0].index, (std::vector<std::uint32_t>{0}));
    EXPECT_EQ(truth.marked.saturation_px, (std::vector<std::uint32_t>{1}));
}

TEST(MetricsByType, AreThoseOfACategoryWithoutTheOtherTypes) {
    const auto category = noise(4, 9, 0.3);
    const std::vector<std::string> types{"good", "a", "good", "b", "good", "a"};
    Category only_a;
    for (const std::size_t i : {0U, 1U, 2U, 4U, 5U}) {
        const auto patches = category.scores.of(i);
        add(only_a, category.anomalous[i] != 0, category.scores.images[i],
            {patches.begin(), patches.end()}, category.masks[i].anomalous);
    }
    for (const std::string name :
         {"I-AUROC", "P-AP", "AUPRO", "AUPRO@0.05", "AUPIMO@0.1:1", "pro:musc200"}) {
        const auto of_a = asked(category, name + "/a", {.types = types}).value;
        EXPECT_EQ(of_a, asked(only_a, name).value) << name;
        const auto of_b = asked(category, name + "/b", {.types = types}).value;
        EXPECT_DOUBLE_EQ(asked(category, name + "/types", {.types = types}).value,
                         (of_a + of_b) / 2)
            << name;
    }
    const auto sizes = truth_of(category).region_sizes;
    EXPECT_NEAR(asked(category, "sPRO@0.3/b", {.types = types}, sizes).value,
                asked(category, "AUPRO@0.3/b", {.types = types}).value, 1e-12);
    EXPECT_NE(asked(category, "P-AP/c", {.types = types}).reason.find("of the type 'c'"),
              std::string::npos);
    EXPECT_NE(asked(category, "P-AP/a").reason.find("type of defect"), std::string::npos);
    EXPECT_EQ(asked_metrics({"AUPRO@5e-2/a", "P-AP/types"}), (Names{"AUPRO@0.05/a", "P-AP/types"}));
    for (const auto* name : {"AUPR0/a", "P-AP/", "/a"}) {
        EXPECT_THROW((void)asked_metrics({name}), ConfigError) << name;
    }
}

TEST(SampleAuroc, TakesTheMostAnomalousView) {
    const auto category = images({{false, 1}, {true, 5}, {false, 2}, {false, 3}, {true, 0}});
    // Samples: {1, 5} anomalous, {2, 3} normal, {0} anomalous.
    EXPECT_EQ(asked(category, "S-AUROC", {.samples = {7, 7, 1, 1, 3}}).value, 0.5);
    EXPECT_NE(asked(category, "S-AUROC").reason.find("views"), std::string::npos);
    EXPECT_NE(asked(category, "S-AUROC", {.samples = {1, 1, 1, 1, 1}}).reason.find("sample"),
              std::string::npos);
    EXPECT_THROW((void)asked(category, "S-AUROC", {.samples = {1, 2}}), DataError);
}

TEST(EmulatedMetrics, SayWhoseTheyAreAndWhatIsWrong) {
    std::size_t emulated = 0;
    for (const auto& metric : describe_metrics()) {
        if (metric.fault.empty()) { continue; }
        ++emulated;
        const auto name = metric.form.substr(0, metric.form.find('['));
        EXPECT_NE(emulation_note(name).find(metric.fault), std::string::npos) << name;
        EXPECT_FALSE(metric.source.empty()) << name;
        const auto value = asked(noise(2, 40, 0.3), name);
        EXPECT_EQ(std::isnan(value.value), !value.reason.empty()) << name;
        const auto normal = asked(images({{false, 1}, {true, 2}}), name);
        EXPECT_EQ(normal.reason, "no anomalous pixel") << name;
    }
    EXPECT_GE(emulated, 10U);
    EXPECT_NE(emulation_note("pro:anomalib-1@0.05").find("anomalib"), std::string::npos);
}

// What the criticism is about: the same ranks, another number.
TEST(EmulatedMetrics, ChangeUnderAnIncreasingMapOfTheScoresWhereExactOnesDoNot) {
    const auto category = noise(6, 40, 0.3);
    auto mapped = category;
    for (auto& score : mapped.scores.patches) { score = std::exp2(score); }
    for (const auto& name : asked_metrics({"all", "auroc:max-fpr", "segf1:superadd"})) {
        const auto before = asked(category, name).value;
        const bool is_linear = name == "PRO@200";
        if (std::isnan(before) || is_linear) { continue; }
        EXPECT_EQ(asked(mapped, name).value, before) << name;
    }
    const auto change = asked(mapped, "pro:musc200").value - asked(category, "pro:musc200").value;
    EXPECT_GT(std::abs(change), 0.005);
}

}  // namespace
}  // namespace patchead
