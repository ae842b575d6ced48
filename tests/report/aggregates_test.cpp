#include <gtest/gtest.h>

#include "patchead/metrics/metrics.hpp"
#include "patchead/report/tables.hpp"
#include "samples.hpp"
#include "support/error_of.hpp"

namespace patchead {
namespace {

/// A row with image scores, whose metrics are those of these, and a value of P-AP.
ResultRow scored(const std::string& category, std::int64_t seed, std::vector<float> scores,
                 double pixels) {
    auto row = point(category, seed);
    row.scores = std::move(scores);
    row.anomalous = {0, 0, 1, 1};
    row.ids = {"a", "b", "c", "d"};
    row.metrics = measure_images(row.scores, row.anomalous);
    row.metrics.push_back({"P-AP", pixels, pixels > 0 ? "" : "no anomalous pixel"});
    return row;
}

Results three_categories() {
    auto results = results_of(
        {scored("cable", 0, {1, 2, 3, 4}, 0.5), scored("pill", 0, {11, 14, 12, 13}, 0.25),
         scored("zipper", 0, {21, 22, 23, 24}, 0.75), scored("cable", 1, {1, 2, 3, 4}, 0.5),
         scored("pill", 1, {11, 12, 13, 14}, 0.75), scored("zipper", 1, {21, 22, 23, 24}, 0.75)});
    results.metric_names = {"I-AUROC", "I-AP", "I-F1max", "P-AP"};
    return results;
}

using Names = std::vector<std::string>;

TEST(Aggregates, AreLeftOutUnlessAskedFor) {
    const auto table = make_tables(three_categories()).at(0);
    EXPECT_EQ(table.value_columns, (Names{"I-AUROC", "I-AP", "I-F1max", "P-AP"}));
}

TEST(Aggregates, ChooseAndOrderColumns) {
    const auto tables =
        make_tables(three_categories(), Spread::population, {.metrics = {"P-AP", "I-AUROC"}});
    for (const auto& table : tables) {
        EXPECT_EQ(table.value_columns, (Names{"P-AP", "I-AUROC"}));
        EXPECT_EQ(table.rows.front().cells.size(), 2U);
    }
    EXPECT_DOUBLE_EQ(*tables[0].rows[0].cells[0].mean, (1.5 / 3 + 2.0 / 3) / 2);
    const auto message = error_of([] {
        (void)make_tables(three_categories(), Spread::population, {.metrics = {"AUPRO@0.05"}});
    });
    EXPECT_NE(message.find("P-AP"), std::string::npos) << message;
}

TEST(Aggregates, NameTheCategoryWithTheLowestMeanOverSeeds) {
    const auto table = make_tables(three_categories(), Spread::population,
                                   {.metrics = {"I-AUROC", "P-AP"}, .worst = true})
                           .at(0);
    EXPECT_EQ(table.value_columns, (Names{"I-AUROC", "P-AP", "worst I-AUROC", "worst P-AP"}));
    const auto& cells = table.rows[0].cells;
    ASSERT_EQ(cells.size(), 4U);
    EXPECT_DOUBLE_EQ(*cells[2].mean, 0.75);  // pill: 0.5 and 1.
    EXPECT_DOUBLE_EQ(cells[2].std, 0.25);
    EXPECT_EQ(cells[2].note, "the worst is pill");
    EXPECT_DOUBLE_EQ(*cells[3].mean, 0.5) << "both have it; the first by name";
    EXPECT_EQ(cells[3].note, "the worst is cable");
}

TEST(Aggregates, SayWhichCategoriesHaveNoValue) {
    auto results = three_categories();
    for (auto& row : results.rows) {
        if (row.category == "cable") { row.metrics.back() = {"P-AP", kNan, "no anomalous pixel"}; }
    }
    const auto table =
        make_tables(results, Spread::population, {.metrics = {"P-AP"}, .worst = true}).at(0);
    EXPECT_EQ(table.rows[0].cells[1].note, "the worst is pill; cable without a value");
}

// Scores of categories lie apart: within each they are perfect, with one threshold for all not.
TEST(Aggregates, PoolTheImagesOfAllCategories) {
    auto results = three_categories();
    const auto pooled = [](const Results& from) {
        return make_tables(from, Spread::population, {.metrics = {"I-AUROC"}, .pooled = true})
            .at(0)
            .rows.at(0)
            .cells.at(1);
    };
    const auto cell = pooled(results);
    // Of 36 pairs in seed 1: within categories 12, and those of a higher category against a lower
    // one 3 * 4. In seed 0 two pairs of pill are lost.
    EXPECT_DOUBLE_EQ(*cell.mean, ((24.0 - 2) / 36 + 24.0 / 36) / 2);
    EXPECT_EQ(cell.seeds, 2);
    results.rows.erase(results.rows.begin());  // Seed 0 of cable.
    EXPECT_DOUBLE_EQ(*pooled(results).mean, 24.0 / 36);
    EXPECT_NE(pooled(results).note.find("seed 0"), std::string::npos);
}

TEST(Tables, SayBelowThemWhatIsWrongWithAnEmulatedMetric) {
    auto results = results_of({measured("a", 0, 0.5)});
    results.rows[0].metrics[0].name = "pro:musc200";
    results.metric_names = {"pro:musc200"};
    const auto text = to_markdown(make_tables(results).at(0));
    EXPECT_NE(text.find("pro:musc200 is emulated"), std::string::npos) << text;
    EXPECT_NE(text.find("equidistant in the score"), std::string::npos) << text;
}

}  // namespace
}  // namespace patchead
