#include "patchead/report/tables.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

Table summary_of(const Results& results) { return make_tables(results).at(0); }
Table categories_of(const Results& results) { return make_tables(results).at(1); }
Cell only_cell(const Results& results) { return summary_of(results).rows.at(0).cells.at(0); }

bool has_footnote(const Table& table, const std::string& part) {
    return std::ranges::any_of(table.footnotes, [&](const std::string& note) {
        return note.find(part) != std::string::npos;
    });
}

// Seed means (0.5 + 1) / 2 = 0.75 and (0 + 0.5) / 2 = 0.25: mean 0.5, population std 0.25. (The
// sample std would be 0.354, the mean of the categories' stds 0.25 for a and b alike.)
TEST(Summary, IsTheMeanAndPopulationStdOverSeedsOfMeansOverCategories) {
    const auto cell = only_cell(results_of(
        {measured("a", 0, 0.5), measured("b", 0, 1), measured("a", 1, 0), measured("b", 1, 0.5)}));
    EXPECT_EQ(cell.mean, 0.5);
    EXPECT_EQ(cell.std, 0.25);
    EXPECT_EQ(cell.seeds, 2);
    EXPECT_EQ(cell.categories, 2);
    EXPECT_EQ(cell.note, "");
}

// The stds of the categories are 0.5 each; the data set means are 0.5 in both seeds.
TEST(Summary, HasNoSpreadWhereOnlyCategoriesVary) {
    const auto cell = only_cell(results_of(
        {measured("a", 0, 0), measured("b", 0, 1), measured("a", 1, 1), measured("b", 1, 0)}));
    EXPECT_EQ(cell.mean, 0.5);
    EXPECT_EQ(cell.std, 0);
}

// (0.1 + 0.1 + 0.1) / 3 is not 0.1 in doubles.
TEST(Summary, OfEqualSeedsIsExactlyTheirValue) {
    const auto cell = only_cell(
        results_of({measured("a", 0, 0.1), measured("a", 1, 0.1), measured("a", 2, 0.1)}));
    EXPECT_EQ(cell.mean, 0.1);
    EXPECT_EQ(cell.std, 0);
}

TEST(Summary, LeavesOutUndefinedValuesAndSaysSo) {
    const auto results = results_of({measured("a", 0, kNan, "no anomaly"), measured("b", 0, 0.75),
                                     measured("a", 1, kNan, "no anomaly"), measured("b", 1, 0.25)});
    const auto cell = only_cell(results);
    EXPECT_EQ(cell.mean, 0.5);
    EXPECT_EQ(cell.std, 0.25);
    EXPECT_EQ(cell.seeds, 2);
    EXPECT_EQ(cell.categories, 1);
    EXPECT_EQ(cell.note, "undefined: no anomaly (a)");
    EXPECT_TRUE(has_footnote(summary_of(results), "leaves out undefined values"));
}

TEST(Summary, LeavesOutASeedInWhichACategoryIsMissing) {
    const auto cell =
        only_cell(results_of({measured("a", 0, 0.5), measured("b", 0, 1), measured("a", 1, 0.125),
                              measured("a", 2, 0), measured("b", 2, 0.5)},
                             {{point("b", 1), "disk full"}}));
    EXPECT_EQ(cell.mean, 0.5);
    EXPECT_EQ(cell.std, 0.25);
    EXPECT_EQ(cell.seeds, 2);
    EXPECT_EQ(cell.note, "missing: disk full (b; seed 1)");
}

TEST(Summary, IsMissingWhenNoSeedIsWhole) {
    const auto cell = only_cell(results_of({measured("a", 0, 0.5), measured("b", 1, 0.5)}));
    EXPECT_FALSE(cell.mean);
    EXPECT_EQ(cell.seeds, 0);
    EXPECT_EQ(cell.categories, 0);
    EXPECT_EQ(cell.note, "missing: not among the results (a, b)");
}

TEST(Summary, IsMissingWhenNothingIsDefined) {
    const auto cell = only_cell(results_of({measured("a", 0, kNan, "one class only")}));
    EXPECT_FALSE(cell.mean);
    EXPECT_EQ(cell.note, "undefined: one class only");
}

TEST(Summary, TellsEveryReasonOnce) {
    const auto cell = only_cell(results_of(
        {measured("a", 0, kNan, "x"), measured("b", 0, kNan, "x"), measured("c", 0, 1),
         measured("a", 1, kNan, "x"), measured("b", 1, kNan, "y"), measured("c", 1, 1)}));
    EXPECT_EQ(cell.mean, 1);
    EXPECT_EQ(cell.note, "undefined: x (a, b); undefined: y (b; seed 1)");
}

TEST(Summary, OfAMetricThatWasNotMeasuredIsMissing) {
    auto results = results_of({measured("a", 0, 0.5)});
    results.metric_names = {"N", "M"};
    const auto table = summary_of(results);
    EXPECT_EQ(table.value_columns, (std::vector<std::string>{"N", "M"}));
    EXPECT_FALSE(table.rows.at(0).cells.at(0).mean);
    EXPECT_EQ(table.rows.at(0).cells.at(0).note, "missing: not measured");
    EXPECT_EQ(table.rows.at(0).cells.at(1).mean, 0.5);
}

TEST(Categories, HaveARowEachAndTheirAverage) {
    const auto table = categories_of(results_of(
        {measured("b", 0, 1), measured("a", 0, 0.5), measured("a", 1, 0), measured("b", 1, 0.5)}));
    ASSERT_EQ(table.rows.size(), 3U);
    EXPECT_EQ(table.row_columns.back(), "category");
    const auto expect_row = [&](std::size_t row, const char* name, double mean, double std) {
        EXPECT_EQ(table.rows[row].labels.back(), name);
        EXPECT_EQ(table.rows[row].cells[0].mean, mean);
        EXPECT_EQ(table.rows[row].cells[0].std, std);
    };
    expect_row(0, "a", 0.25, 0.25);
    expect_row(1, "b", 0.75, 0.25);
    expect_row(2, "Average", 0.5, 0.25);
}

TEST(Categories, NameNoCategoryInTheNotesOfTheirOwnRow) {
    const auto table = categories_of(
        results_of({measured("a", 0, kNan, "why"), measured("b", 0, 1), measured("a", 1, 0.5)},
                   {{point("b", 1), "lost"}}));
    EXPECT_EQ(table.rows[0].cells[0].note, "undefined: why (seed 0)");
    EXPECT_EQ(table.rows[0].cells[0].mean, 0.5);
    EXPECT_EQ(table.rows[1].cells[0].note, "missing: lost (seed 1)");
    EXPECT_EQ(table.rows[2].cells[0].note, "undefined: why (a; seed 0); missing: lost (b; seed 1)");
    EXPECT_EQ(table.rows[2].cells[0].mean, 1);
}

ResultRow configured(const char* backbone, int size, int shots, const char* modules) {
    auto row = measured("a", 0, 0.5);
    row.backbone = backbone;
    row.image_size = size;
    row.shots = shots;
    row.setting = shots > 0 ? "few-shot" : "batch-zero-shot";
    row.modules = modules;
    return row;
}

TEST(Tables, OrderRowsByBackboneSizeSettingShotsAndModules) {
    std::vector<ResultRow> rows{
        configured("a", 96, 0, "none"),  configured("a", 96, 0, "align"),
        configured("a", 96, 0, "mask"),  configured("a", 96, 0, "align+mask"),
        configured("a", 96, 2, "none"),  configured("a", 96, 16, "none"),
        configured("a", 224, 0, "none"), configured("b", 64, 1, "none"),
    };
    const auto expected = summary_of(results_of(rows));
    std::vector<std::vector<std::string>> labels;
    for (const auto& row : expected.rows) { labels.push_back(row.labels); }
    EXPECT_EQ(labels, (std::vector<std::vector<std::string>>{
                          {"a", "96", "batch-zero-shot", "0", "none"},
                          {"a", "96", "batch-zero-shot", "0", "align"},
                          {"a", "96", "batch-zero-shot", "0", "mask"},
                          {"a", "96", "batch-zero-shot", "0", "align+mask"},
                          {"a", "96", "few-shot", "2", "none"},
                          {"a", "96", "few-shot", "16", "none"},
                          {"a", "224", "batch-zero-shot", "0", "none"},
                          {"b", "64", "few-shot", "1", "none"}}));
    std::ranges::reverse(rows);
    EXPECT_EQ(to_json(summary_of(results_of(rows))), to_json(expected));
}

TEST(Tables, OfEachDataSetStandAlone) {
    auto other = measured("z", 5, 0.25);
    other.dataset = "c";
    const auto tables = make_tables(results_of({measured("a", 0, 0.5), other}));
    ASSERT_EQ(tables.size(), 4U);
    EXPECT_EQ(tables[0].name, "summary_c");
    EXPECT_EQ(tables[1].name, "categories_c");
    EXPECT_EQ(tables[2].name, "summary_d");
    EXPECT_EQ(tables[3].name, "categories_d");
    EXPECT_EQ(tables[0].rows.at(0).cells.at(0).mean, 0.25);
    EXPECT_EQ(tables[2].rows.at(0).cells.at(0).note, "") << "category z is not one of d";
}

TEST(Tables, OfNoResultsAreNone) { EXPECT_TRUE(make_tables({}).empty()); }

TEST(Tables, RefuseAPointThatIsThereTwice) {
    const auto expect_refusal = [](const Results& results) {
        try {
            static_cast<void>(make_tables(results));
            FAIL() << "took the last or the first of them";
        } catch (const DataError& error) {
            const std::string message = error.what();
            EXPECT_NE(message.find("twice"), std::string::npos) << message;
            EXPECT_NE(message.find("d a, net at 224 px, few-shot, 1 shot, seed 3"),
                      std::string::npos)
                << message;
        }
    };
    expect_refusal(results_of({measured("a", 3, 0.5), measured("a", 3, 0.5)}));
    expect_refusal(results_of({measured("a", 3, 0.5)}, {{point("a", 3), "lost"}}));
}

TEST(Tables, TellWhenSeveralNumericStacksAreBehindThem) {
    auto results = results_of({measured("a", 0, 0.5)});
    const auto says_so = [&] {
        return has_footnote(summary_of(results), "different numeric stacks");
    };
    results.provenance["stacks"] = "LibTorch 1";
    EXPECT_FALSE(says_so());
    results.provenance["stacks of run 2"] = "LibTorch 1";
    EXPECT_FALSE(says_so());
    results.provenance["stacks of run 2"] = "LibTorch 2";
    EXPECT_TRUE(says_so());
    EXPECT_TRUE(has_footnote(categories_of(results), "2 different"));
    EXPECT_TRUE(has_footnote(categories_of(results), "LibTorch 1; LibTorch 2"));
}

TEST(Tables, TellTheLimitsOfTheBuiltInBackboneWhereverItIsShown) {
    const auto of = [](const char* backbone) {
        return make_tables(results_of({configured(backbone, 96, 1, "none")}));
    };
    for (const auto& table : of("patchead_tiny")) {
        EXPECT_TRUE(has_footnote(table, "trained at 224 px only"));
        EXPECT_TRUE(has_footnote(table, "no benchmark result"));
    }
    for (const auto& table : of("dinov2_vitb14")) {
        EXPECT_FALSE(has_footnote(table, "patchead_tiny"));
    }
}

}  // namespace
}  // namespace patchead
