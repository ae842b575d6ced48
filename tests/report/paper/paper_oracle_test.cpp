// Results of every point of the paper's tables, against tables made anew by Python from results.csv
// and analysis/reference, and against golden files.

#include <cstdlib>

#include <gtest/gtest.h>

#include "paper_samples.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/report/paper_tables.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

void expect_agreement(const Results& results, const PaperOptions& options) {
    const TemporaryFolder folder;
    write_whole(folder.path() / "results.csv", results_csv(results));
    const auto report = make_paper_tables(results, options);
    EXPECT_EQ(report.tables.size(), 10U);
    EXPECT_TRUE(report.left_out.empty());
    write_paper_tables(folder.path() / "paper", report);
    EXPECT_EQ(std::system(
                  concat(PATCHEAD_PYTHON, " ", PATCHEAD_SOURCE_DIR,
                         "/tests/report/paper/paper_oracle_test.py ", folder.path().string(), " ",
                         PATCHEAD_SOURCE_DIR, "/analysis/reference ",
                         options.spread == Spread::sample ? "sample " : "population ", options.pro)
                      .c_str()),
              0);
}

TEST(PaperOracle, AgreesOnEveryCellOfEveryTable) { expect_agreement(sample_results(), {}); }

TEST(PaperOracle, AgreesWherePointsAreMissing) { expect_agreement(sample_results_with_gaps(), {}); }

TEST(PaperOracle, AgreesOnSampleDeviationsAndTheOtherPro) {
    PaperOptions options;
    options.spread = Spread::sample;
    options.pro = "PRO@200";
    expect_agreement(sample_results(), options);
}

/// Fails with the new text beside the golden file; PATCHEAD_UPDATE_GOLDEN=1 accepts it.
void expect_golden(const std::string& name, const std::string& text) {
    const auto file = std::filesystem::path(PATCHEAD_SOURCE_DIR) / "tests/report/golden" / name;
    if (std::getenv("PATCHEAD_UPDATE_GOLDEN") != nullptr) { write_whole(file, text); }
    EXPECT_EQ(text, bytes_of(file)) << name;
}

TEST(PaperGolden, IsTheSameMarkdownForEveryTable) {
    for (const auto& table : make_paper_tables(sample_results(), {}).tables) {
        expect_golden(table.name + ".md", to_markdown(table));
    }
}

TEST(PaperGolden, IsTheSameLatexForEveryTable) {
    for (const auto& table : make_paper_tables(sample_results(), {}).tables) {
        expect_golden(table.name + ".tex", to_latex(table));
    }
}

// Dashes with their notes, n, means that are not compared.
TEST(PaperGolden, IsTheSameWherePointsAreMissing) {
    for (const auto& table : make_paper_tables(sample_results_with_gaps(), {}).tables) {
        expect_golden("gaps/" + table.name + ".md", to_markdown(table));
    }
}

TEST(PaperGolden, IsTheSameCsvAndJson) {
    PaperOptions options;
    options.tables = {"4"};
    const auto report = make_paper_tables(sample_results(), options);
    expect_golden("table4.csv", to_csv(report.tables.front()));
    expect_golden("table4.json", to_json(report.tables.front()));
}

}  // namespace
}  // namespace patchead
