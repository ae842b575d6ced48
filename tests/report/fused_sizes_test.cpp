#include <gtest/gtest.h>

#include "patchead/report/comparison.hpp"
#include "patchead/report/tables.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

/// I-AUROC 0.75 at 224 px, 0.5 at 448 px, 1 at 112, 224 and 448 px fused.
Results alone_and_fused() {
    std::vector<ResultRow> rows;
    const auto add = [&](int side, const std::string& sizes, double value) {
        auto row = point("screw", 0);
        row.image_size = side;
        row.sizes = sizes;
        row.metrics = {{"I-AUROC", value, ""}};
        rows.push_back(row);
    };
    add(448, "112+224+448-max", 1);
    add(448, "", 0.5);
    add(224, "", 0.75);
    auto results = results_of(rows);
    results.metric_names = {"I-AUROC"};
    return results;
}

std::vector<Comparison> lines_against(const std::string& baseline) {
    const auto tables =
        compare_with_baseline(alone_and_fused(), parse_baseline(baseline), Spread::population);
    return tables.empty() ? std::vector<Comparison>() : tables[0].lines;
}

TEST(FusedSizes, StandBelowTheLargestOfThemInTables) {
    std::vector<std::string> sizes;
    const auto tables = make_tables(alone_and_fused());
    for (const auto& row : tables.at(0).rows) { sizes.push_back(row.labels.at(1)); }
    EXPECT_EQ(sizes, (std::vector<std::string>{"224", "448", "112+224+448-max"}));
}

TEST(FusedSizes, AreComparedWithOne) {
    const auto lines = lines_against("image_size=224");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1].labels.at(1), "112+224+448-max");
    EXPECT_EQ(lines[1].difference, 0.25);
}

TEST(FusedSizes, CanBeWhatOthersAreComparedWith) {
    const auto lines = lines_against("image_size=112+224+448-max");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].labels.at(1), "224");
    EXPECT_EQ(lines[0].difference, -0.25);
    EXPECT_TRUE(lines_against("image_size=112").empty()) << "no point has that size alone";
}

}  // namespace
}  // namespace patchead
