#include "patchead/report/paper_tables.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "paper_cells.hpp"
#include "paper_samples.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

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
