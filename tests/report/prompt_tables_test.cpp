#include "patchead/report/prompt_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "samples.hpp"

namespace patchead {
namespace {

/// Value `values[i]` of prompt i, each by itself.
std::vector<ResultRow> each_prompt(const std::vector<double>& values, const std::string& backbone) {
    std::vector<ResultRow> rows;
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto row = point("bolt", static_cast<std::int64_t>(i));
        row.backbone = backbone;
        row.setting = "each-prompt";
        row.prompts = {fmt::format("bolt/train/good/{:03}", i)};
        row.metrics = {{"I-AUROC", values[i], std::isnan(values[i]) ? "one class" : ""}};
        rows.push_back(row);
    }
    return rows;
}

Results study(std::vector<ResultRow> rows) {
    return {.provenance = {}, .rows = std::move(rows), .missing = {}, .metric_names = {"I-AUROC"}};
}

TEST(PromptTables, HaveWhatNumPySaysOfTheDraws) {
    // numpy.quantile([.5, .9, .6, .9, .7], [.05, .5, .95]), numpy.std of them.
    const auto tables = make_prompt_tables(study(each_prompt({0.5, 0.9, 0.6, 0.9, 0.7}, "net")));
    ASSERT_EQ(tables.size(), 1U);
    EXPECT_EQ(tables[0].name, "prompts_d");
    ASSERT_EQ(tables[0].rows.size(), 1U);
    const auto& spread = tables[0].rows[0].spread;
    EXPECT_EQ(spread.draws, 5U);
    EXPECT_NEAR(spread.mean, 0.72, 1e-12);
    EXPECT_NEAR(spread.std, 0.16, 1e-12);
    EXPECT_NEAR(spread.low, 0.52, 1e-12);
    EXPECT_NEAR(spread.median, 0.7, 1e-12);
    EXPECT_NEAR(spread.high, 0.9, 1e-12);
    EXPECT_EQ(spread.worst.prompts.front(), "bolt/train/good/000");
    EXPECT_EQ(spread.middle.prompts.front(), "bolt/train/good/004");
    EXPECT_EQ(spread.best.prompts.front(), "bolt/train/good/001") << "the first of the best";
    EXPECT_FALSE(tables[0].rows[0].pairs);
}

TEST(PromptTables, PairRowsByTheirPrompts) {
    auto rows = each_prompt({0.5, 0.8, 0.6}, "a");
    std::ranges::move(each_prompt({0.6, 0.7, 0.9}, "b"), std::back_inserter(rows));
    const auto table = make_prompt_tables(study(rows)).at(0);
    ASSERT_EQ(table.rows.size(), 2U);
    ASSERT_TRUE(table.rows[1].pairs);
    EXPECT_EQ(table.rows[1].pairs->draws, 3U);
    EXPECT_EQ(table.rows[1].pairs->wins, 2U);
    EXPECT_NEAR(table.rows[1].pairs->difference, 0.1, 1e-12);
}

TEST(PromptTables, CountWhatIsUndefined) {
    const auto table = make_prompt_tables(study(each_prompt({0.5, kNan, 0.7}, "net"))).at(0);
    EXPECT_EQ(table.rows[0].spread.draws, 2U);
    EXPECT_EQ(table.rows[0].spread.undefined, 1U);
    EXPECT_NE(to_markdown(table).find("without 1 draws"), std::string::npos);
}

TEST(PromptTables, TakeRandomDrawsWhereThereAreManyOfThem) {
    const auto drawn = [](int seeds) {
        std::vector<ResultRow> rows;
        for (int seed = 0; seed < seeds; ++seed) {
            auto row = point("bolt", seed);
            row.shots = 4;
            row.prompts = {"a", "b", "c", "d"};
            row.metrics = {{"I-AUROC", 0.5 + 0.01 * seed, ""}};
            rows.push_back(row);
        }
        return rows;
    };
    EXPECT_TRUE(make_prompt_tables(study(drawn(9))).empty());
    const auto tables = make_prompt_tables(study(drawn(10)));
    ASSERT_EQ(tables.size(), 1U);
    EXPECT_NE(to_markdown(tables[0]).find("59.0 a + b + c + d"), std::string::npos);
}

TEST(PromptTables, SayTheSameInEveryForm) {
    auto rows = each_prompt({0.5, 0.8}, "a");
    std::ranges::move(each_prompt({0.6, 0.7}, "b"), std::back_inserter(rows));
    const auto table = make_prompt_tables(study(rows)).at(0);
    const auto json = nlohmann::json::parse(to_json(table));
    EXPECT_EQ(json.at("rows").size(), 2U);
    EXPECT_EQ(json.at("rows")[1].at("wins"), 1);
    EXPECT_EQ(json.at("rows")[0].at("best").at("prompts")[0], "bolt/train/good/001");
    const auto csv = to_csv(table);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 3);
    EXPECT_NE(csv.find("I-AUROC,2,0,0.65"), std::string::npos);
    EXPECT_NE(to_markdown(table).find("1 of 2"), std::string::npos);
}

}  // namespace
}  // namespace patchead
