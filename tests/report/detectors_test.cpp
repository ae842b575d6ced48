#include <gtest/gtest.h>

#include "patchead/report/comparison.hpp"
#include "patchead/report/paper_tables.hpp"
#include "patchead/report/tables.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

/// 0.5 by PatchEAD, 0.75 with its masks, 1 by another detector.
Results of_two_detectors() {
    std::vector<ResultRow> rows;
    const auto add = [&](const std::string& detector, const std::string& modules, double value) {
        auto row = point("screw", 0);
        row.detector = detector;
        row.modules = modules;
        row.metrics = {{"I-AUROC", value, ""}};
        rows.push_back(row);
    };
    add("musc:published", "none", 1);
    add("patchead", "mask", 0.75);
    add("patchead", "none", 0.5);
    auto results = results_of(rows);
    results.metric_names = {"I-AUROC"};
    results.provenance["detector.musc:published.port"] = "on another network than published";
    results.provenance["detector.padim.port"] = "not in these results";
    return results;
}

TEST(Detectors, HaveALabelBelowThoseOfPatchEad) {
    const auto table = make_tables(of_two_detectors()).at(0);
    EXPECT_EQ(table.row_columns.back(), "detector");
    std::vector<std::string> labels;
    for (const auto& row : table.rows) { labels.push_back(row.labels.back()); }
    EXPECT_EQ(labels, (std::vector<std::string>{"patchead", "patchead", "musc:published"}));
}

TEST(Detectors, AreNotSpokenOfIfThereIsOne) {
    auto results = of_two_detectors();
    results.rows.erase(results.rows.begin());
    EXPECT_EQ(make_tables(results).at(0).row_columns.back(), "modules");
}

TEST(Detectors, HaveFootnotes) {
    std::string all;
    const auto tables = make_tables(of_two_detectors());
    for (const auto& note : tables.at(0).footnotes) { all += note; }
    EXPECT_NE(all.find("musc:published: on another network than published."), std::string::npos);
    EXPECT_NE(all.find("tuned on the test data"), std::string::npos);
    EXPECT_EQ(all.find("not in these results"), std::string::npos);
}

TEST(Detectors, AreComparedWithOneOfThem) {
    const auto tables = compare_with_baseline(
        of_two_detectors(), parse_baseline("detector=patchead"), Spread::population);
    ASSERT_EQ(tables.size(), 1U);
    ASSERT_EQ(tables[0].lines.size(), 1U);
    EXPECT_EQ(tables[0].lines[0].difference, 0.5);
}

}  // namespace
}  // namespace patchead
