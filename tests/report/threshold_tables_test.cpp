#include "patchead/report/threshold_tables.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "samples.hpp"

namespace patchead {
namespace {

/// Three normal and three anomalous images, two prompts; the best threshold finds all anomalies.
ResultRow scored(const std::string& category, std::int64_t seed) {
    auto row = point(category, seed);
    row.shots = 2;
    row.ids = {"a", "b", "c", "d", "e", "f"};
    row.anomalous = {0, 0, 0, 1, 1, 1};
    row.scores = {0.1F, 0.25F, 0.5F, 0.25F, 0.75F, 1.0F};
    row.metrics = {{"I-F1max", 6.0 / 7, ""}};
    row.prompts = {"p", "q"};
    row.left_out = {0.125F, 0.25F};
    return row;
}

ResultRow batch_scored(const std::string& category) {
    auto row = scored(category, 0);
    row.setting = "batch-zero-shot";
    row.shots = 0;
    row.prompts.clear();
    row.left_out.clear();
    return row;
}

ThresholdTable table_of(std::vector<ResultRow> rows, const std::vector<std::string>& rules) {
    return make_threshold_tables(results_of(std::move(rows)), parse_threshold_rules(rules)).at(0);
}

bool says(const ThresholdTable& table, const std::string& text) {
    return std::ranges::any_of(table.footnotes, [&](const std::string& note) {
        return note.find(text) != std::string::npos;
    });
}

TEST(ThresholdTables, CountFalseAlarmsAndMisses) {
    const auto table = table_of({scored("bolt", 0)}, {"max"});
    EXPECT_EQ(table.name, "thresholds_d");
    ASSERT_EQ(table.rows.size(), 1U);
    const auto& draw = table.rows[0].draws.at(0);
    EXPECT_DOUBLE_EQ(draw.threshold, 0.25);
    EXPECT_EQ(draw.scores, 2U);
    EXPECT_EQ(draw.normal, 3U);
    EXPECT_EQ(draw.anomalous, 3U);
    EXPECT_EQ(draw.false_alarms, 1U) << "an image at the threshold is none";
    EXPECT_EQ(draw.misses, 1U) << "an image at the threshold is one";
    EXPECT_DOUBLE_EQ(draw.f1, 2.0 / 3);
    EXPECT_DOUBLE_EQ(draw.f1_max, 6.0 / 7);
}

TEST(ThresholdTables, TakeMeansOverSeedsAndCategories) {
    auto other = scored("bolt", 1);
    other.left_out = {0.0F, 0.5F};
    const auto table = table_of({scored("bolt", 0), other, scored("nut", 0)}, {"max"});
    ASSERT_EQ(table.rows.size(), 3U);
    EXPECT_NEAR(table.rows[0].means.false_alarms, (1.0 / 3 + 0) / 2, 1e-12);
    EXPECT_NEAR(table.rows[0].means.f1, (2.0 / 3 + 0.8) / 2, 1e-12);
    EXPECT_EQ(table.rows[2].labels.front(), "Average");
    EXPECT_NEAR(table.rows[2].means.false_alarms, (1.0 / 6 + 1.0 / 3) / 2, 1e-12);
    EXPECT_TRUE(table.rows[2].draws.empty());
}

TEST(ThresholdTables, OfABatchHaveRobustRulesOnly) {
    const auto table = table_of({batch_scored("bolt")}, {"max", "robust"});
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(table.rows[0].rule, "robust");
    // numpy: median 0.375, median of the distances from it 0.2.
    EXPECT_NEAR(table.rows[0].draws[0].threshold, 0.375 + 3 * 1.4826 * 0.2, 1e-7);
    EXPECT_EQ(table.rows[0].draws[0].scores, 6U);
    EXPECT_TRUE(says(table, "only the rule robust"));
}

TEST(ThresholdTables, SayWhyThereIsNone) {
    const auto why = [](auto change) {
        auto row = scored("bolt", 0);
        row.left_out.clear();
        change(row);
        const auto table = table_of({row}, {"all"});
        EXPECT_TRUE(table.rows.empty());
        return table;
    };
    EXPECT_TRUE(says(why([](ResultRow& row) { row.shots = 1; }), "a single prompt"));
    EXPECT_TRUE(says(why([](ResultRow& row) { row.modules = "align+mask"; }), "aligned"));
    EXPECT_TRUE(says(why([](ResultRow& row) { row.sizes = "224+448-mean"; }), "fused"));
    EXPECT_TRUE(says(why([](ResultRow&) {}), "run the sweep with --threshold"));
    EXPECT_TRUE(says(why([](ResultRow& row) {
                         row.setting = "full-shot";
                         row.detector = "padim";
                     }),
                     "fitted once for each"));
}

TEST(ThresholdTables, AreNotThereWithoutRules) {
    EXPECT_TRUE(make_threshold_tables(results_of({scored("bolt", 0)}), {}).empty());
}

TEST(ThresholdTables, LeaveUndefinedWhatLacksALabel) {
    auto row = scored("bolt", 0);
    row.anomalous = {0, 0, 0, 0, 0, 0};
    row.metrics = {{"I-F1max", kNan, "no anomalous image"}};
    const auto table = table_of({row}, {"max"});
    EXPECT_TRUE(std::isnan(table.rows[0].means.misses));
    EXPECT_TRUE(std::isnan(table.rows[0].means.f1));
    EXPECT_NEAR(table.rows[0].means.false_alarms, 0.5, 1e-12);
    const auto json = nlohmann::json::parse(to_json(table));
    EXPECT_TRUE(json.at("rows")[0].at("f1").is_null());
}

TEST(ThresholdTables, SayTheSameInEveryForm) {
    auto second = scored("bolt", 1);
    second.left_out = {0.0F, 0.5F};
    const auto table = table_of({scored("bolt", 0), second}, {"max"});
    const auto markdown = to_markdown(table);
    EXPECT_NE(markdown.find("0.5 of 3 (16.7)"), std::string::npos) << markdown;
    EXPECT_NE(markdown.find("0.3750"), std::string::npos) << markdown;
    const auto csv = to_csv(table);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 3);
    EXPECT_NE(csv.find("max,1,0.5,2,3,3,0,1,0.8,"), std::string::npos) << csv;
    const auto json = nlohmann::json::parse(to_json(table));
    EXPECT_EQ(json.at("rows")[0].at("draws")[1].at("misses"), 1);
    EXPECT_NEAR(json.at("rows")[0].at("gap").get<double>(), 6.0 / 7 - (2.0 / 3 + 0.8) / 2, 1e-12);
}

}  // namespace
}  // namespace patchead
