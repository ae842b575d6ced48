#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "patchead/report/effects.hpp"
#include "patchead/report/tables.hpp"
#include "samples.hpp"

// Which rows say that their scores saw other test images.

namespace patchead {
namespace {

ResultRow batch(const std::string& detector = std::string(kPatchEadName)) {
    auto row = measured("a", 0, 0.5);
    row.setting = "batch-zero-shot";
    row.shots = 0;
    row.detector = detector;
    return row;
}

std::string notes_of(const Table& table) {
    std::string all;
    for (const auto& note : table.footnotes) { all += note + "\n"; }
    return all;
}

bool table_holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Transductive, AreBatchesButNotPrompts) {
    for (const auto& table : make_tables(results_of({batch(), measured("a", 0, 1)}))) {
        for (const auto& row : table.rows) {
            EXPECT_EQ(row.transductive, std::ranges::count(row.labels, "batch-zero-shot") == 1);
        }
        EXPECT_TRUE(
            table_holds(notes_of(table), "Transductive: scores of batch-zero-shot rows depend"));
        EXPECT_FALSE(table_holds(notes_of(table), "Under attack"));
    }
    const auto few = make_tables(results_of({measured("a", 0, 1)})).at(0);
    EXPECT_FALSE(few.rows.at(0).transductive);
    EXPECT_FALSE(table_holds(notes_of(few), "Transductive"));
    EXPECT_FALSE(table_holds(to_json(few), "transductive"));
}

TEST(Transductive, AreNoDetectorsThatScoreEachImageAlone) {
    auto results = results_of({batch("musc"), batch("winclip"), batch("winclip:published")});
    results.provenance["detector.winclip.alone"] = "yes";
    const auto table = make_tables(results).at(0);
    for (const auto& row : table.rows) {
        EXPECT_EQ(row.transductive, std::ranges::count(row.labels, "musc") == 1);
    }
    EXPECT_TRUE(table_holds(notes_of(table), "(not those of winclip, winclip:published)"));
}

TEST(Transductive, AreFusedScoresThatAreCalibratedByAll) {
    auto row = measured("a", 0, 0.5);
    row.backbone = "net+other-mean";
    auto results = results_of({row});
    EXPECT_TRUE(make_tables(results).at(0).rows.at(0).transductive) << "by default";
    results.provenance["config"] = "fuse-calibration = none\n";
    EXPECT_FALSE(make_tables(results).at(0).rows.at(0).transductive);
    row.backbone = "net";
    row.sizes = "224+448-mean";
    results = results_of({row});
    EXPECT_FALSE(make_tables(results).at(0).rows.at(0).transductive) << "by default";
    results.provenance["config of run 1"] = "shots = 1\nfuse-calibration = rank\n";
    const auto table = make_tables(results).at(0);
    EXPECT_TRUE(table.rows.at(0).transductive);
    EXPECT_TRUE(table_holds(notes_of(table), "scores of 224+448-mean are calibrated"));
}

TEST(Transductive, SaysWhatLabelsChose) {
    auto results = results_of({batch()});
    results.provenance["config"] =
        "company-share = 0.3\ncompany-size = 8\ncompany-order = defect\n";
    EXPECT_TRUE(table_holds(notes_of(make_tables(results).at(0)),
                            "(--company-share 0.3 --company-order defect)"));
    results.provenance["config"] = "company-share = natural\ncompany-size = 8\n";
    EXPECT_FALSE(table_holds(notes_of(make_tables(results).at(0)), "Under attack"));
}

TEST(Effects, HaveTheRowsOfAllRunsAndTheNotesOfEach) {
    EffectTables effects({"company-share"});
    auto results = results_of({batch()});
    effects.add({"natural"}, results);
    results.provenance["config"] = "company-share = 0.3\n";
    results.rows.clear();
    auto lost = batch();
    lost.metrics.clear();
    results.missing = {{lost, "too small"}};
    effects.add({"0.3"}, results);
    ASSERT_EQ(effects.tables().size(), 1U);
    ASSERT_EQ(effects.by_category().size(), 1U);
    const auto& table = effects.by_category().front();
    EXPECT_EQ(table.name, "ablation_categories_d");
    EXPECT_EQ(table.row_columns.front(), "company-share");
    ASSERT_EQ(table.rows.size(), 4U) << "a category and the average, twice";
    EXPECT_EQ(table.rows[0].cells[0].mean, 0.5);
    EXPECT_EQ(table.rows[2].labels.front(), "0.3");
    EXPECT_FALSE(table.rows[2].cells[0].mean);
    EXPECT_TRUE(table_holds(table.rows[2].cells[0].note, "too small"));
    EXPECT_TRUE(table_holds(notes_of(table), "Under attack")) << "of the second run";
    EXPECT_TRUE(table.rows[2].transductive);
}

}  // namespace
}  // namespace patchead
