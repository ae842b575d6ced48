// Cells that are means over categories, data sets and seeds, of which some may be missing.

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "paper_cells.hpp"
#include "paper_samples.hpp"

namespace patchead {
namespace {

Results without(Results results, const std::string& dataset, const std::string& category,
                std::int64_t seed) {
    std::erase_if(results.rows, [&](const ResultRow& row) {
        return row.dataset == dataset && (category.empty() || row.category == category) &&
               (seed < 0 || row.seed == seed);
    });
    return results;
}

TEST(PaperTables, AverageDataSetsOnlyIfAllAreThere) {
    const auto table = the_table(without(sample_results(), "mpdd", "", -1), only("2"));
    const auto average = cell_at(table, "", "PatchEAD (CLIP)", 14);
    EXPECT_EQ(average.point.dataset, "Average");
    EXPECT_EQ(average.ours.mean, std::nullopt);
    EXPECT_EQ(notes_at(table, average), (Texts{"missing: MPDD"}));
    EXPECT_TRUE(cell_at(table, "", "PatchEAD (CLIP)", 0).ours.mean);
}

// A seed without one category is another quantity: it is left out, and n says so.
TEST(PaperTables, TellHowManySeedsAreBehindANumber) {
    const auto table = the_table(without(sample_results(), "mvtec", "screw", 1), only("4"));
    const auto cell = cell_at(table, "4-shot", "448×448", 0);
    EXPECT_EQ(cell.ours.seeds, 2);
    EXPECT_TRUE(cell.difference);
    EXPECT_EQ(notes_at(table, cell),
              (Texts{"missing: not among the results (screw; seed 1)", "n = 2."}));
    EXPECT_EQ(table.footnotes.back(), "n = 3 seeds, unless a note says otherwise.");
}

TEST(PaperTables, DoNotCompareAMeanThatLeavesOutAnUndefinedValue) {
    auto results = sample_results();
    for (auto& row : results.rows) {
        if (row.category == "screw") { row.metrics[0] = {"I-AUROC", std::nan(""), "by chance"}; }
    }
    const auto table = the_table(results, only("4"));
    const auto cell = cell_at(table, "4-shot", "448×448", 0);
    EXPECT_TRUE(cell.ours.mean);
    EXPECT_EQ(cell.difference, std::nullopt);
    EXPECT_EQ(notes_at(table, cell), (Texts{"undefined: by chance (screw)"}));
}

Results screws_only() {
    auto results = sample_results();
    std::erase_if(results.rows, [](const ResultRow& row) { return row.category != "screw"; });
    return results;
}

TEST(PaperTables, NeedAllCategoriesForAMean) {
    const auto table = the_table(screws_only(), only("7"));
    EXPECT_TRUE(cell_at(table, "4-shot", "screw", 0).difference);
    EXPECT_EQ(cell_at(table, "4-shot", "Average", 0).ours.mean, std::nullopt);
    EXPECT_TRUE(make_paper_tables(screws_only(), only("4")).tables.empty());
}

TEST(PaperTables, AverageWhatIsThereIfAskedTo) {
    auto options = only("4");
    options.partial = true;
    const auto results = screws_only();
    const auto table = the_table(results, options);
    const auto cell = cell_at(table, "0-shot", "224×224", 0);
    double sum = 0;
    for (const auto& row : results.rows) {
        if (row.image_size == 224 && row.shots == 0 && row.backbone == "dinov2_vitb14_reg") {
            sum += row.metrics[0].value;
        }
    }
    EXPECT_NEAR(*cell.ours.mean, sum / 3, 1e-15);
    EXPECT_EQ(cell.difference, std::nullopt);
    EXPECT_EQ(notes_at(table, cell), (Texts{"1 of 15 categories only: screw"}));
}

// WinCLIP's mean is over 15 categories, ours over one.
TEST(PaperTables, DoNotLetAPartialMeanBeatAQuotedOne) {
    auto options = only("1");
    options.partial = true;
    const auto table = the_table(screws_only(), options);
    EXPECT_TRUE(cell_at(table, "1-shot", "WinCLIP", 0).best);
    for (const auto& row : table.blocks[0].rows) {
        for (const auto& cell : row.cells) { EXPECT_FALSE(cell.best && cell.ours.mean); }
    }
}

// An average over data sets, seed by seed and resample by resample, by hand.
TEST(PaperTables, HaveIntervalsOfResampledResults) {
    const auto results = resample(scored_sample_results(), {100, 0});
    std::map<std::string, std::vector<double>> by_dataset;
    std::map<std::string, std::size_t> rows;
    for (const auto& row : results.rows) {
        if (row.backbone != "openclip_vitb16_plus_240" || row.shots > 0 || row.modules != "none") {
            continue;
        }
        auto& sum = by_dataset[row.dataset];
        sum.resize(100);
        for (std::size_t i = 0; i < 100; ++i) { sum[i] += row.resamples[i]; }
        ++rows[row.dataset];
    }
    std::vector<double> average(100);
    for (const auto& [dataset, sum] : by_dataset) {
        for (std::size_t i = 0; i < 100; ++i) {
            average[i] += sum[i] / static_cast<double>(rows[dataset]) / 7;
        }
    }
    const auto expected = percentile_interval(average);
    PaperOptions options;
    options.tables = {"2"};
    const auto table = make_paper_tables(results, options).tables.at(0);
    const auto& row = table.blocks[0].rows.at(4);
    ASSERT_EQ(row.labels[0], "PatchEAD (CLIP)");
    ASSERT_TRUE(row.cells[14].ours.interval);
    EXPECT_NEAR(row.cells[14].ours.interval->low, expected.low, 1e-12);
    EXPECT_NEAR(row.cells[14].ours.interval->high, expected.high, 1e-12);
    EXPECT_FALSE(row.cells[15].ours.interval);  // Average precision is not resampled.
}

}  // namespace
}  // namespace patchead
