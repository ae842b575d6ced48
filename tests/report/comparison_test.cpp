#include "patchead/report/comparison.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/metrics/metrics.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

using Texts = std::vector<std::string>;

/// A point with 20 images, whose anomalous ones score higher by `margin`.
ResultRow scored(const std::string& category, std::int64_t seed, const std::string& modules,
                 float margin) {
    auto row = point(category, seed);
    row.modules = modules;
    Random random(category + modules, static_cast<std::uint64_t>(seed));
    for (int i = 0; i < 20; ++i) {
        row.ids.push_back(concat(category, "/test/", i));
        row.anomalous.push_back(i % 3 == 0 ? 1 : 0);
        row.scores.push_back(static_cast<float>(random.uniform()) + (i % 3 == 0 ? margin : 0.0F));
    }
    row.metrics = measure_images(row.scores, row.anomalous);
    return row;
}

/// Two categories and seeds of modules "none" and, with higher scores of anomalies, "mask".
Results two_methods() {
    Results results;
    results.metric_names = {"I-AUROC", "I-AP", "I-F1max"};
    for (const auto* category : {"a", "b"}) {
        for (std::int64_t seed = 0; seed < 2; ++seed) {
            results.rows.push_back(scored(category, seed, "none", 0.2F));
            results.rows.push_back(scored(category, seed, "mask", 0.7F));
        }
    }
    return results;
}

Comparison line_of(const ComparisonTable& table, const std::string& category) {
    return *std::ranges::find_if(
        table.lines, [&](const Comparison& line) { return line.labels.back() == category; });
}

TEST(Resample, GivesEqualImagesEqualResamplesWhateverElseIsThere) {
    const auto all = resample(two_methods(), {200, 7});
    Results one;
    one.rows = {two_methods().rows[4]};
    EXPECT_EQ(resample(one, {200, 7}).rows[0].resamples, all.rows[4].resamples);
    EXPECT_NE(resample(one, {200, 8}).rows[0].resamples, all.rows[4].resamples);
}

TEST(Resample, RefusesOtherImagesUnderOneName) {
    auto results = two_methods();
    results.rows[1].ids[3] = "a/test/other";
    EXPECT_THROW(static_cast<void>(resample(results, {})), DataError);
    results = two_methods();
    std::swap(results.rows[1].anomalous[0], results.rows[1].anomalous[1]);
    EXPECT_THROW(static_cast<void>(resample(results, {})), DataError);
}

TEST(BootstrapCsv, HasALineForEachPointThatIsDefined) {
    auto results = two_methods();
    for (auto& row : results.rows) {
        if (row.category != "b") { continue; }
        row.anomalous.assign(row.anomalous.size(), 0);
        row.metrics = measure_images(row.scores, row.anomalous);
    }
    const auto text = bootstrap_csv(resample(results, {100, 0}));
    EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 4);
    EXPECT_NE(text.find("\nd,a,net,224,few-shot,1,0,none,I-AUROC,"), std::string::npos);
    EXPECT_EQ(text.find("nan"), std::string::npos);
}

// A mean over categories and seeds, resample by resample, by hand.
TEST(Tables, HaveTheIntervalOfTheMeanOverCategoriesAndSeeds) {
    const auto results = resample(two_methods(), {300, 1});
    std::vector<double> means(300);
    for (const auto& row : results.rows) {
        if (row.modules != "mask") { continue; }
        for (std::size_t i = 0; i < means.size(); ++i) { means[i] += row.resamples[i] / 4; }
    }
    const auto expected = percentile_interval(means);
    const auto cell = make_tables(results)[0].rows[1].cells[0];
    ASSERT_TRUE(cell.interval);
    EXPECT_NEAR(cell.interval->low, expected.low, 1e-15);
    EXPECT_NEAR(cell.interval->high, expected.high, 1e-15);
    EXPECT_LE(cell.interval->low, *cell.mean);
    EXPECT_GE(cell.interval->high, *cell.mean);
}

TEST(Tables, ShowIntervalsOfTheResampledMetricOnly) {
    const auto table = make_tables(resample(two_methods(), {100, 3})).at(0);
    EXPECT_FALSE(table.rows[0].cells[1].interval);
    EXPECT_TRUE(to_csv(table).starts_with(
        "backbone,image_size,setting,shots,modules,I-AUROC,I-AUROC_std,I-AUROC_low,I-AUROC_high,"
        "I-AP,I-AP_std,I-F1max,I-F1max_std,seeds\n"));
    const auto json = nlohmann::json::parse(to_json(table));
    EXPECT_EQ(json["rows"][0]["values"]["I-AUROC"]["interval"][1],
              table.rows[0].cells[0].interval->high);
    EXPECT_FALSE(json["rows"][0]["values"]["I-AP"].contains("interval"));
    EXPECT_NE(to_markdown(table).find("(100 resamples, seed 3)"), std::string::npos);
    EXPECT_EQ(to_markdown(make_tables(two_methods())[0]).find("resamples"), std::string::npos);
}

TEST(Baseline, IsComparedWithEachOtherConfiguration) {
    const auto results = resample(two_methods(), {500, 1});
    const auto tables =
        compare_with_baseline(results, parse_baseline("modules=none"), Spread::population);
    ASSERT_EQ(tables.size(), 1U);
    ASSERT_EQ(tables[0].lines.size(), 3U);  // Two categories and their average.
    const auto average = line_of(tables[0], "Average");
    std::vector<double> differences(500);
    double difference = 0;
    for (const auto& row : results.rows) {
        const double sign = row.modules == "mask" ? 0.25 : -0.25;
        difference += sign * row.metrics[0].value;
        for (std::size_t i = 0; i < 500; ++i) { differences[i] += sign * row.resamples[i]; }
    }
    EXPECT_NEAR(*average.difference, difference, 1e-15);
    const auto expected = percentile_interval(differences);
    EXPECT_NEAR(average.interval->low, expected.low, 1e-12);
    EXPECT_NEAR(average.interval->high, expected.high, 1e-12);
    EXPECT_GT(average.interval->low, 0);
    EXPECT_DOUBLE_EQ(*average.p, 2.0 / 501);
}

TEST(Baseline, CanBeAnyLabel) {
    auto results = two_methods();
    for (const auto& row : two_methods().rows) {
        results.rows.push_back(row);
        results.rows.back().shots = 0;
        results.rows.back().setting = "batch-zero-shot";
    }
    results = resample(results, {100, 1});
    const auto by_shots =
        compare_with_baseline(results, parse_baseline("shots=0"), Spread::population);
    ASSERT_EQ(by_shots.at(0).lines.size(), 6U);
    EXPECT_EQ(by_shots[0].lines[0].difference, 0.0);
    EXPECT_EQ(by_shots[0].lines[0].p, 1.0);
    EXPECT_TRUE(compare_with_baseline(results, parse_baseline("backbone=other"), Spread::population)
                    .empty());
    for (const auto* wrong : {"modules", "module=none", "shots=one", "shots=-1", "image_size="}) {
        EXPECT_THROW(static_cast<void>(parse_baseline(wrong)), ConfigError) << wrong;
    }
}

// Means of one category and of two are different quantities.
TEST(Baseline, DoesNotSubtractMeansOverDifferentValues) {
    auto results = two_methods();
    for (auto& row : results.rows) {
        if (row.category == "b" && row.modules == "mask") {
            row.metrics[0] = {"I-AUROC", kNan, "by chance"};
        }
    }
    const auto tables = compare_with_baseline(resample(results, {100, 1}),
                                              parse_baseline("modules=none"), Spread::population);
    const auto average = line_of(tables.at(0), "Average");
    EXPECT_TRUE(average.one.mean && average.other.mean);
    EXPECT_FALSE(average.difference || average.interval || average.p);
    EXPECT_EQ(average.note, "not over the same values: undefined: by chance (b)");
    EXPECT_EQ(line_of(tables[0], "b").note, "undefined: by chance");
    EXPECT_NE(to_csv(tables[0]).find(",nan,nan,nan,nan,not over"), std::string::npos);
}

RunComparison compare(const Results& one, const Results& other) {
    return compare_runs({"one", one}, {"other", other}, BootstrapOptions{200, 0},
                        Spread::population);
}

TEST(CompareRuns, FindsNothingBetweenARunAndItself) {
    const auto same = compare(two_methods(), two_methods());
    EXPECT_TRUE(same.equal());
    EXPECT_EQ(same.points, 8U);
    EXPECT_EQ(same.values, 24U);
    EXPECT_TRUE(same.facts.empty());
    for (const auto& table : {same.means.at(0), same.categories.at(0)}) {
        for (const auto& line : table.lines) {
            EXPECT_EQ(line.difference, 0.0);
            EXPECT_EQ(line.interval.has_value(), line.metric == "I-AUROC");
        }
    }
}

TEST(CompareRuns, MatchesPointsByTheirLabelsNotTheirOrder) {
    auto other = two_methods();
    std::ranges::reverse(other.rows);
    EXPECT_TRUE(compare(two_methods(), other).equal());
}

TEST(CompareRuns, ListsWhatOnlyOneHas) {
    auto one = two_methods();
    auto other = two_methods();
    std::erase_if(one.rows, [](const ResultRow& row) { return row.category == "b"; });
    std::erase_if(other.rows, [](const ResultRow& row) {
        return row.category == "a" && row.seed == 1 && row.modules == "none";
    });
    other.missing.push_back({point("a", 1), "lost"});
    const auto found = compare(one, other);
    EXPECT_FALSE(found.equal());
    EXPECT_EQ(found.points, 3U);
    EXPECT_EQ(found.only_one, (Texts{"d, net 224 px, few-shot, 1 shot, modules none, seed 1: a"}));
    EXPECT_EQ(found.only_other,
              (Texts{"d, net 224 px, few-shot, 1 shot, modules mask, seeds 0, 1: b",
                     "d, net 224 px, few-shot, 1 shot, modules none, seeds 0, 1: b"}));
    // "none" has seed 0 in common, "mask" both.
    EXPECT_EQ(found.means[0].lines[0].one.seeds, 1);
    EXPECT_EQ(found.means[0].lines[3].one.seeds, 2);
    const auto text = to_markdown(found, false);
    EXPECT_NE(text.find("3 points in both: 0 of 9 values differ"), std::string::npos) << text;
    EXPECT_NE(text.find("Points of the other only:"), std::string::npos);
}

TEST(CompareRuns, TellsAChangedValueAndItsSignificance) {
    auto other = two_methods();
    for (auto& row : other.rows) {
        if (row.modules != "none") { continue; }
        row.scores = scored(row.category, row.seed, "none", 0.9F).scores;
        row.metrics = measure_images(row.scores, row.anomalous);
    }
    const auto found = compare(two_methods(), other);
    EXPECT_EQ(found.different, 12U);
    const auto& none = found.means.at(0).lines.at(0);
    EXPECT_GT(*none.difference, 0);
    EXPECT_GT(none.interval->low, 0);
    EXPECT_LT(*none.p, 0.05);
    const auto& mask = found.means[0].lines.at(3);
    EXPECT_EQ(mask.difference, 0.0);
    EXPECT_EQ(std::ranges::count(found.points_csv, '\n'), 1 + 24);
}

// Two modules and three metrics: six means over the categories.
TEST(CompareRuns, ShowsWhatChangedAndCountsTheRest) {
    auto other = two_methods();
    const auto same = to_markdown(compare(two_methods(), other), false);
    EXPECT_NE(same.find("6 means are the same in both runs"), std::string::npos) << same;
    EXPECT_EQ(same.find("| "), std::string::npos) << same;
    for (auto& row : other.rows) {
        if (row.modules == "none") { row.metrics[0].value -= 0.125; }
    }
    const auto found = compare(two_methods(), other);
    const auto changed = to_markdown(found, false);
    EXPECT_NE(changed.find("5 means are the same in both runs"), std::string::npos) << changed;
    EXPECT_NE(changed.find("-12.5"), std::string::npos) << changed;
    EXPECT_EQ(changed.find("I-AP"), std::string::npos) << changed;
    const auto all = to_markdown(found, true);
    EXPECT_NE(all.find("I-AP"), std::string::npos) << all;
    EXPECT_EQ(all.find("the same in both"), std::string::npos) << all;
}

TEST(CompareRuns, WritesNumbersOfOneAsOne) {
    auto one = two_methods();
    one.rows.resize(1);
    one.metric_names = {"I-AP"};
    const auto text = to_markdown(compare(one, one), false);
    EXPECT_NE(text.find("1 point in both: 0 of 1 value differ"), std::string::npos) << text;
    EXPECT_NE(text.find("1 mean is the same in both runs (--all shows it)"), std::string::npos)
        << text;
}

TEST(CompareRuns, HasNoIntervalsWhereTheImagesDiffer) {
    auto other = two_methods();
    for (auto& row : other.rows) {
        if (row.category == "b") { row.ids[0] = "b/test/other"; }
    }
    const auto found = compare(two_methods(), other);
    for (const auto& line : found.categories.at(0).lines) {
        EXPECT_TRUE(line.difference);
        EXPECT_EQ(line.interval.has_value(), line.metric == "I-AUROC" && line.labels.back() == "a");
    }
    EXPECT_FALSE(found.means.at(0).lines[0].interval);
}

TEST(CompareRuns, TellsWhatElseDiffers) {
    auto one = two_methods();
    auto other = one;
    one.provenance = {{"config", "rho = 0\nshots = 1\n"}, {"weights.net", "aa"}};
    other.provenance = {{"config", "rho = 0.5\nshots = 1\n"}, {"weights.net", "aa"}};
    EXPECT_EQ(compare(one, other).facts,
              (Texts{"one: config: rho = 0", "other: config: rho = 0.5"}));
}

}  // namespace
}  // namespace patchead
