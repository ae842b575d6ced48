#include "patchead/report/selection.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "report/samples.hpp"

namespace patchead {
namespace {

/// Results of one seed: a value of each category "a", "b", ...
Results of_categories(const std::vector<double>& values) {
    std::vector<ResultRow> rows;
    for (std::size_t i = 0; i < values.size(); ++i) {
        rows.push_back(measured(std::string(1, static_cast<char>('a' + i)), 0, values[i]));
    }
    return results_of(std::move(rows));
}

SelectionInputs inputs_of(const std::vector<std::vector<double>>& choices) {
    SelectionInputs inputs;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        inputs.choices.push_back({"x=" + std::to_string(i), of_categories(choices[i])});
    }
    inputs.defaults = of_categories(choices.front());
    inputs.held_out = HeldOut::category;
    inputs.metric = "M";
    return inputs;
}

std::string refusal_of(const SelectionInputs& inputs) {
    try {
        static_cast<void>(make_selection(inputs));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

// Without a: 0 has .5 + .6, 1 has .6 + .6: 1 is chosen, and gives .4 where 0 would give .9.
// Without b: 0 has .9 + .6, without c .9 + .5: 0 is chosen.
TEST(Selection, IsMadeOnTheOtherCategories) {
    const auto table = make_selection(inputs_of({{0.9, 0.5, 0.6}, {0.4, 0.6, 0.6}}));
    EXPECT_EQ(table.name, "selection_category");
    ASSERT_EQ(table.rows.size(), 4U);
    const auto& a = table.rows[0];
    EXPECT_EQ(a[0].text, "patchead, 1-shot");
    EXPECT_EQ(a[1].text, "d/a");
    EXPECT_EQ(a[2].text, "x=1");
    EXPECT_DOUBLE_EQ(*a[3].number, 0.4);
    EXPECT_EQ(a[4].text, "x=0");
    EXPECT_DOUBLE_EQ(*a[5].number, 0.9);
    EXPECT_DOUBLE_EQ(*a[6].number, 0.5);
    EXPECT_DOUBLE_EQ(*a[7].number, 0.9);
    EXPECT_DOUBLE_EQ(*a[8].number, -0.5);
    const auto& b = table.rows[1];
    EXPECT_EQ(b[2].text, "x=0");
    EXPECT_EQ(b[4].text, "x=1");
    EXPECT_NEAR(*b[6].number, 0.1, 1e-12);
    EXPECT_EQ(table.rows[2][4].text, "x=0") << "of two that are as good here, the first";
    const auto& mean = table.rows[3];
    EXPECT_EQ(mean[1].text, "Mean");
    EXPECT_EQ(mean[2].text, "x=0 ×2, x=1 ×1");
    EXPECT_NEAR(*mean[3].number, (0.4 + 0.5 + 0.6) / 3, 1e-12);
    EXPECT_NEAR(*mean[6].number, (0.5 + 0.1 + 0) / 3, 1e-12);
}

TEST(Selection, BreaksTiesByTheOrderOfChoices) {
    const auto table = make_selection(inputs_of({{0.5, 0.5, 0.3}, {0.5, 0.5, 0.4}}));
    EXPECT_EQ(table.rows.at(2)[2].text, "x=0") << "equal without c";
    EXPECT_EQ(table.rows.at(2)[4].text, "x=1");
    EXPECT_EQ(table.rows.at(0)[2].text, "x=1");
    EXPECT_EQ(table.rows.at(0)[4].text, "x=0");
}

TEST(Selection, SaysWhomNoChoiceMoves) {
    const auto table = make_selection(inputs_of({{0.5, 0.6}, {0.5, 0.6}}));
    EXPECT_TRUE(table.rows.empty());
    EXPECT_EQ(table.footnotes.back(), "Which choice is made changes nothing for patchead, 1-shot.");
}

TEST(Selection, OfDataSetsTakesTheMeanOverTheirCategories) {
    auto inputs = inputs_of({{0.9, 0.1}, {0.2, 0.4}});
    const auto add_dataset = [](Results& results, double value) {
        results.rows.push_back(measured("a", 0, value));
        results.rows.back().dataset = "e";
    };
    add_dataset(inputs.choices[0].results, 0.3);
    add_dataset(inputs.choices[1].results, 0.8);
    add_dataset(inputs.defaults, 0.3);
    inputs.held_out = HeldOut::dataset;
    const auto table = make_selection(inputs);
    EXPECT_EQ(table.name, "selection_dataset");
    ASSERT_EQ(table.rows.size(), 3U);
    EXPECT_EQ(table.rows[0][1].text, "d");
    EXPECT_EQ(table.rows[0][2].text, "x=1");
    EXPECT_NEAR(*table.rows[0][3].number, 0.3, 1e-12);
    EXPECT_NEAR(*table.rows[0][5].number, 0.5, 1e-12);
    EXPECT_EQ(table.rows[1][2].text, "x=0") << "0.5 on d against 0.3";
    EXPECT_NEAR(*table.rows[1][6].number, 0.5, 1e-12);
}

TEST(Selection, LeavesOutWhereAChoiceHasNoValueAndSaysSo) {
    auto inputs = inputs_of({{0.9, 0.5, 0.6}, {0.4, 0.6, 0.6}});
    inputs.choices[1].results.rows[2].metrics = {{"M", kNan, "no region"}};
    const auto table = make_selection(inputs);
    EXPECT_EQ(table.rows.size(), 3U);
    EXPECT_NE(table.footnotes.back().find("without d/c"), std::string::npos);
}

TEST(Selection, RefusesOnePartAndUnknownMetrics) {
    EXPECT_NE(refusal_of(inputs_of({{0.9}, {0.4}})).find("on two categories"), std::string::npos);
    auto inputs = inputs_of({{0.9, 0.5}, {0.4, 0.5}});
    inputs.metric = "Q";
    EXPECT_NE(refusal_of(inputs).find("'Q' is no metric of these results; one of: M"),
              std::string::npos);
}

}  // namespace
}  // namespace patchead
