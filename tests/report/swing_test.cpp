#include "patchead/report/swing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/samples.hpp"

namespace patchead {
namespace {

/// Values of AUPRO and of an image metric of two methods, by seed.
Results of_methods(const std::vector<double>& none, const std::vector<double>& masked) {
    Results results = results_of({});
    results.metric_names = {"I-AUROC", "AUPRO"};
    const auto add = [&](const std::vector<double>& values, const std::string& modules) {
        for (std::size_t seed = 0; seed < values.size(); ++seed) {
            auto row = point("a", static_cast<std::int64_t>(seed));
            row.modules = modules;
            row.metrics = {{"I-AUROC", 0.7, {}}, {"AUPRO", values[seed], {}}};
            results.rows.push_back(row);
        }
    };
    add(none, "none");
    add(masked, "mask");
    return results;
}

const PlainTable& named(const std::vector<PlainTable>& tables, std::string_view name) {
    const auto found = std::ranges::find(tables, name, &PlainTable::name);
    EXPECT_NE(found, tables.end()) << name;
    return *found;
}

const PlainTable::Value& at(const PlainTable& table, std::size_t row, const std::string& column) {
    const auto found = std::ranges::find(table.columns, column, &PlainTable::Column::name);
    return table.rows.at(row).at(static_cast<std::size_t>(found - table.columns.begin()));
}

// Means over seeds: none .8, .7, .5; mask .75, .76, .55. Over methods .775, .73, .525.
ConventionResults three_readings() {
    return {of_methods({0.79, 0.81}, {0.75, 0.75}),
            {{"mask rule", "area50"}},
            {{"mask rule", "any", of_methods({0.7, 0.7}, {0.76, 0.76})},
             {"mask rule", "all", of_methods({0.5, 0.5}, {0.55, 0.55})}}};
}

TEST(Swing, IsFromTheLowestToTheHighestMeanOverMethods) {
    const auto tables = make_swing_tables(three_readings());
    const auto& table = named(tables, "swing_d");
    ASSERT_EQ(table.rows.size(), 1U) << "I-AUROC does not move";
    EXPECT_EQ(at(table, 0, "metric").text, "AUPRO");
    EXPECT_NEAR(*at(table, 0, "lowest").number, 0.525, 1e-12);
    EXPECT_EQ(at(table, 0, "with").text, "all");
    EXPECT_NEAR(*at(table, 0, "base").number, 0.775, 1e-12);
    EXPECT_EQ(at(table, 0, "is").text, "area50");
    EXPECT_EQ(at(table, 0, "at").text, "area50");
    EXPECT_NEAR(*at(table, 0, "swing").number, 0.25, 1e-12);
    EXPECT_NEAR(*at(table, 0, "spread").number, (0.01 + 0) / 2, 1e-12);
    EXPECT_EQ(at(table, 0, "within").text, "");
    EXPECT_NEAR(*at(table, 0, "largest").number, 0.3, 1e-12);
    EXPECT_EQ(at(table, 0, "of").text, "patchead, 1-shot");
    EXPECT_EQ(std::ranges::count(table.footnotes, "No convention moves I-AUROC."), 1);
}

TEST(Swing, NamesMethodsThatChangePlaces) {
    const auto tables = make_swing_tables(three_readings());
    const auto& swing = named(tables, "swing_d");
    EXPECT_EQ(*at(swing, 0, "pairs").number, 1);
    EXPECT_EQ(*at(swing, 0, "changed").number, 1) << "a pair counts once, by however many values";
    EXPECT_EQ(*at(swing, 0, "surely").number, 1);
    const auto& order = named(tables, "order_d");
    ASSERT_EQ(order.rows.size(), 2U);
    EXPECT_EQ(at(order, 0, "value").text, "any");
    EXPECT_EQ(at(order, 0, "ahead in the base").text, "patchead, 1-shot");
    EXPECT_EQ(at(order, 0, "behind there").text, "patchead mask, 1-shot");
    EXPECT_NEAR(*at(order, 0, "lead").number, 0.05, 1e-12);
    EXPECT_NEAR(*at(order, 0, "lead with the value").number, -0.06, 1e-12);
    EXPECT_EQ(at(order, 0, "sure").text, "✓");
}

TEST(Swing, LeadsWithinTheToleranceAreNotSure) {
    const auto tables = make_swing_tables(
        {of_methods({0.8}, {0.799}), {}, {{"crop", "0.875", of_methods({0.7}, {0.76})}}});
    EXPECT_EQ(*at(named(tables, "swing_d"), 0, "changed").number, 1);
    EXPECT_EQ(*at(named(tables, "swing_d"), 0, "surely").number, 0);
    EXPECT_FALSE(at(named(tables, "swing_d"), 0, "spread").number) << "of one seed";
    EXPECT_EQ(at(named(tables, "order_d"), 0, "sure").text, "");
}

TEST(Swing, SaysWhichAreWithinTheSpreadOverSeeds) {
    const auto tables =
        make_swing_tables({of_methods({0.6, 0.8}, {0.5, 0.7}),
                           {},
                           {{"crop", "0.875", of_methods({0.62, 0.8}, {0.51, 0.7})}}});
    EXPECT_EQ(at(named(tables, "swing_d"), 0, "within").text, "~");
    EXPECT_EQ(std::ranges::count(tables, "order_d", &PlainTable::name), 0) << "nobody changes";
}

TEST(Swing, OtherWaysToComputeProAreReadInThePlaceOfAupro) {
    auto results = of_methods({0.8}, {0.75});
    results.metric_names.insert(results.metric_names.end(), {"PRO@200", "pro:other"});
    for (auto& row : results.rows) {
        const bool is_masked = row.modules == "mask";
        row.metrics.push_back({"PRO@200", is_masked ? 0.72 : 0.7, {}});
        row.metrics.push_back({"pro:other", is_masked ? 0.9 : 0.95, {}});
    }
    const auto tables = make_swing_tables({results, {}, {}});
    const auto& table = named(tables, "swing_d");
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(at(table, 0, "convention").text, "PRO computed as");
    EXPECT_EQ(at(table, 0, "with").text, "PRO@200");
    EXPECT_EQ(at(table, 0, "at").text, "pro:other");
    EXPECT_NEAR(*at(table, 0, "swing").number, 0.925 - 0.71, 1e-12);
    EXPECT_EQ(at(named(tables, "order_d"), 0, "value").text, "PRO@200");
}

TEST(Swing, OfSeveralDataSetsIsThatOfTheirMean) {
    auto results = three_readings();
    const auto add_dataset = [](Results& of, double value) {
        for (std::int64_t seed = 0; seed < 2; ++seed) {
            auto row = point("z", seed);
            row.dataset = "e";
            row.metrics = {{"I-AUROC", 0.5, {}}, {"AUPRO", value, {}}};
            of.rows.push_back(row);
        }
    };
    add_dataset(results.base, 0.4);
    add_dataset(results.varied[0].results, 0.9);
    add_dataset(results.varied[1].results, 0.5);
    const auto tables = make_swing_tables(results);
    const auto& all = named(tables, "swing_all");
    EXPECT_NEAR(*at(all, 0, "base").number, (0.8 + 0.4) / 2, 1e-12);
    EXPECT_NEAR(*at(all, 0, "highest").number, (0.7 + 0.9) / 2, 1e-12);
    EXPECT_EQ(*at(all, 0, "pairs").number, 0) << "mask is not on e";
    EXPECT_EQ(std::ranges::count(all.footnotes,
                                 "AUPRO: 1 method without a value in some reading is left out."),
              1);
}

TEST(PlainTables, AreTheSameInAllForms) {
    const PlainTable table{"t",
                           "caption",
                           {{"set, of data"},
                            {"what"},
                            {"value", PlainTable::Kind::percent},
                            {"gain", PlainTable::Kind::points},
                            {"n", PlainTable::Kind::count}},
                           2,
                           {{{"d"}, {"a|b"}, {{}, 0.8205}, {{}, -0.0123}, {{}, 3.0}},
                            {{"d"}, {"c"}, {}, {{}, 0.0}, {{}, 10.0}}},
                           {"note"}};
    EXPECT_EQ(to_markdown(table),
              "**caption**\n\nset, of data d\n\n"
              "| what | value | gain |   n |\n"
              "|------|------:|-----:|----:|\n"
              "| a\\|b |  82.1 | -1.2 |   3 |\n"
              "| c    |     – |  0.0 |  10 |\n"
              "\nnote\n");
    EXPECT_EQ(to_csv(table),
              "\"set,_of_data\",what,value,gain,n\nd,a|b,0.8205,-0.0123,3\nd,c,nan,0,10\n");
    EXPECT_NE(to_json(table).find("null"), std::string::npos);
    EXPECT_NE(to_latex(table).find("82.1"), std::string::npos);
    auto few = table;
    few.shown = 1;
    EXPECT_NE(to_markdown(few).find("The first 1 of 2 rows; t.csv has all."), std::string::npos);
    EXPECT_EQ(to_csv(few), to_csv(table));
}

}  // namespace
}  // namespace patchead
