#include "patchead/report/paper_tables.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "paper_samples.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

using Texts = std::vector<std::string>;

PaperOptions only(const std::string& table) {
    PaperOptions options;
    options.tables = {table};
    return options;
}

/// A result of the one category of KSDD, batch zero-shot with DINOv2 (the paper: 93.7, 99.2).
ResultRow ksdd(std::int64_t seed, double image_auroc) {
    auto row = sample_row({"KSDD", "DINOv2", "none", 0, 448}, "KSDD", seed, {});
    row.metrics = {{"I-AUROC", image_auroc, ""}, {"P-AUROC", 0.992, ""}};
    return row;
}

Results results_of_ksdd(const std::vector<double>& image_aurocs) {
    Results results;
    results.metric_names = {"I-AUROC", "P-AUROC"};
    for (const double value : image_aurocs) {
        results.rows.push_back(ksdd(std::ssize(results.rows), value));
    }
    return results;
}

PaperTable the_table(const Results& results, const PaperOptions& options) {
    auto report = make_paper_tables(results, options);
    EXPECT_EQ(report.tables.size(), 1U);
    return report.tables.at(0);
}

/// Of the row of `group` and first label, by column from 0.
PaperCell cell_at(const PaperTable& table, const std::string& group, const std::string& label,
                  std::size_t column) {
    for (const auto& block : table.blocks) {
        for (const auto& row : block.rows) {
            if (row.group == group && row.labels.front() == label) { return row.cells.at(column); }
        }
    }
    throw std::out_of_range(group + " " + label);
}

Texts notes_at(const PaperTable& table, const PaperCell& cell) {
    Texts notes;
    for (const auto note : cell.notes) { notes.push_back(table.notes.at(note)); }
    return notes;
}

PaperCell ksdd_cell(const std::vector<double>& values, Spread spread = Spread::population) {
    auto options = only("10");
    options.spread = spread;
    return cell_at(the_table(results_of_ksdd(values), options), "KSDD", "KSDD", 1);
}

TEST(PaperTables, FlagADifferenceBeyondHalfAPoint) {
    EXPECT_FALSE(ksdd_cell({0.942}).outside);  // 0.5 points, in doubles a little more.
    EXPECT_TRUE(ksdd_cell({0.9421}).outside);
    EXPECT_FALSE(ksdd_cell({0.932}).outside);
    EXPECT_TRUE(ksdd_cell({0.9319}).outside);
}

// Means 0.957, deviations 0.01 and 0.00999: 2 points are just within and just beyond.
TEST(PaperTables, FlagADifferenceBeyondTwoStandardDeviations) {
    EXPECT_FALSE(ksdd_cell({0.947, 0.967}).outside);
    EXPECT_TRUE(ksdd_cell({0.94701, 0.96699}).outside);
    EXPECT_FALSE(ksdd_cell({0.94701, 0.96699}, Spread::sample).outside);
}

TEST(PaperTables, DivideByNOrByOneLess) {
    EXPECT_NEAR(ksdd_cell({0.92, 0.96}).ours.std, 0.02, 1e-15);
    EXPECT_NEAR(ksdd_cell({0.92, 0.96}, Spread::sample).ours.std, 0.02 * std::sqrt(2.0), 1e-15);
    EXPECT_EQ(ksdd_cell({0.92}, Spread::sample).ours.std, 0);
}

TEST(PaperTables, ShowWhatIsMissingAsADashWithItsReason) {
    const auto table = the_table(results_of_ksdd({0.9}), only("10"));
    const auto gap = cell_at(table, "BTAD", "01", 1);
    EXPECT_EQ(gap.ours.mean, std::nullopt);
    EXPECT_EQ(gap.difference, std::nullopt);
    EXPECT_FALSE(gap.outside);
    EXPECT_EQ(notes_at(table, gap), (Texts{"missing: not among the results"}));
    const auto text = to_markdown(table);
    EXPECT_NE(text.find("| BTAD | 01 | – (96.4) [1] | – (95.7) [1] |"), std::string::npos) << text;
    EXPECT_NE(text.find("\n[1] missing: not among the results\n"), std::string::npos) << text;
    EXPECT_NE(to_latex(table).find("01 & \\patcheadcell{--\\textsuperscript{1}}{96.4}"),
              std::string::npos);
    EXPECT_NE(
        to_csv(table).find(",BTAD,01,I-AUROC,nan,nan,nan,nan,0,0.964,nan,nan,nan,0,0,0,missing"),
        std::string::npos);
}

TEST(PaperTables, LeaveOutATableOfWhichNothingIsThere) {
    const auto report = make_paper_tables(results_of_ksdd({0.9}), {});
    Texts names;
    for (const auto& table : report.tables) { names.push_back(table.name); }
    EXPECT_EQ(names, (Texts{"table2", "table6", "table10"}));
    ASSERT_EQ(report.left_out.size(), 7U);
    EXPECT_EQ(report.left_out.front(),
              "Table 1 is left out: none of its points is among the results.");
}

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

// The recovered value, 88.0, is what is compared; 84.3 is printed.
TEST(PaperTables, CompareWithTheRecoveredValueAndShowThePrintedOne) {
    const auto table = the_table(sample_results(), only("7"));
    const auto cell = cell_at(table, "2-shot", "screw", 3);
    EXPECT_EQ(cell.paper, 0.843);
    EXPECT_EQ(cell.recovered, 0.880);
    EXPECT_DOUBLE_EQ(*cell.difference, *cell.ours.mean - 0.880);
    EXPECT_NE(to_markdown(table).find(" (88.0, printed 84.3; "), std::string::npos);
}

// Cell by cell: a footnote for each inconsistency that is about the cell, and no other.
TEST(PaperTables, FootnoteExactlyTheInconsistenciesOfThePaper) {
    const auto inconsistencies = audit(paper_reference());
    std::size_t footnoted = 0;
    const auto check = [&](const PaperTable& table, const PaperCell& cell) {
        Texts expected;
        for (const auto& found : inconsistencies) {
            const std::pair about{table.name, cell.point};
            if (std::ranges::count(found.cells, about) > 0) {
                expected.push_back("In the paper, " + found.text);
            }
        }
        auto notes = notes_at(table, cell);
        std::erase_if(notes, [](const auto& note) { return !note.starts_with("In the paper"); });
        EXPECT_EQ(notes, expected) << table.name;
        footnoted += notes.size();
    };
    for (const auto& table : make_paper_tables(sample_results(), {}).tables) {
        for (const auto& block : table.blocks) {
            for (const auto& row : block.rows) {
                for (const auto& cell : row.cells) { check(table, cell); }
            }
        }
    }
    std::size_t cells = 0;
    for (const auto& found : inconsistencies) { cells += found.cells.size(); }
    EXPECT_EQ(footnoted, cells);
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

TEST(PaperTables, TakeABackboneInThePlaceOfAnother) {
    auto results = results_of_ksdd({0.9});
    results.rows[0].backbone = "patchead_tiny";
    results.rows[0].image_size = 224;
    auto options = only("10");
    options.stand_ins = {{"DINOv2", {"patchead_tiny", 224}}};
    const auto table = the_table(results, options);
    EXPECT_EQ(cell_at(table, "KSDD", "KSDD", 1).ours.mean, 0.9);
    EXPECT_NE(
        to_markdown(table).find("DINOv2 is not the paper's: patchead_tiny stands in its place."),
        std::string::npos);
    options.stand_ins = {{"DINOv1", {"patchead_tiny", 224}}};
    EXPECT_THROW(static_cast<void>(make_paper_tables(results, options)), ConfigError);
}

TEST(PaperTables, NameTheNearestOfUnknownTables) {
    EXPECT_THROW(static_cast<void>(make_paper_tables({}, only("11"))), ConfigError);
}

TEST(PaperTables, EscapeWhatLatexTakesForCommands) {
    auto results = results_of_ksdd({});
    auto lost = ksdd(0, 0.9);
    lost.metrics.clear();
    results.rows.push_back(ksdd(1, 0.9));
    results.missing.push_back({lost, "5% of $x & {y}_z#~^\\"});
    const auto latex = to_latex(the_table(results, only("10")));
    EXPECT_NE(latex.find("missing: 5\\% of \\$x \\& \\{y\\}\\_z\\#\\textasciitilde{}"
                         "\\textasciicircum{}\\textbackslash{}"),
              std::string::npos)
        << latex;
    EXPECT_NE(latex.find("Blotchy\\_099 &"), std::string::npos);
}

}  // namespace
}  // namespace patchead
