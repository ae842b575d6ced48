#include <gtest/gtest.h>

#include "paper_cells.hpp"
#include "paper_samples.hpp"
#include "patchead/core/error.hpp"
#include "patchead/report/paper_tables.hpp"

namespace patchead {
namespace {

/// One shot on all of MVTec with the paper's DINOv2: PatchEAD, and `detector`, which has `value`.
Results with_rival(const std::string& detector, double value) {
    Results results;
    results.metric_names = {"I-AUROC"};
    for (const auto& category : paper_reference().categories("MVTec")) {
        auto row = sample_row({"MVTec", "DINOv2", "none", 1, 448}, category, 0, {});
        row.metrics = {{"I-AUROC", 0.9, ""}};
        results.rows.push_back(row);
        row.detector = detector;
        row.metrics.front().value = value;
        results.rows.push_back(row);
    }
    results.provenance["detector.padim.network"] = "WideResNet-50";
    return results;
}

std::vector<std::string> methods_of(const PaperTable& table) {
    std::vector<std::string> methods;
    for (const auto& row : table.blocks.front().rows) {
        if (row.group == "1-shot") { methods.push_back(row.labels.front()); }
    }
    return methods;
}

const PaperTable::Row& row_called(const PaperTable& table, std::string_view method) {
    for (const auto& row : table.blocks.front().rows) {
        if (row.labels.front() == method) { return row; }
    }
    throw std::out_of_range(concat("no row ", method));
}

TEST(MeasuredLines, StandBelowTheMethodThatThePaperQuotes) {
    const auto table = the_table(with_rival("padim", 0.8), only("1"));
    EXPECT_EQ(methods_of(table),
              (std::vector<std::string>{"AprilGAN", "AnomalyGPT", "PromptAD", "InCTRL", "PaDiM",
                                        "PaDiM measured (DINOv2)", "PatchCore", "WinCLIP",
                                        "PatchEAD (CLIP)", "PatchEAD+ (CLIP)", "PatchEAD (DINOv2)",
                                        "PatchEAD+ (DINOv2)"}));
    const auto& row = row_called(table, "PaDiM measured (DINOv2)");
    EXPECT_FALSE(row.quoted);
    const auto& cell = row.cells.front();
    EXPECT_NEAR(*cell.ours.mean, 0.8, 1e-15);
    EXPECT_EQ(cell.paper, 0.766);
    EXPECT_NEAR(*cell.difference, 0.034, 1e-15);
    EXPECT_FALSE(cell.outside) << "another network is no failure";
    EXPECT_NE(to_markdown(table).find("80.0 (76.6 ± 3.1; +3.4)"), std::string::npos);
}

TEST(MeasuredLines, AreExplainedBelow) {
    std::string all;
    for (const auto& note : the_table(with_rival("padim", 0.8), only("1")).footnotes) {
        all += note;
    }
    EXPECT_NE(all.find("measured: the method above it"), std::string::npos);
    EXPECT_NE(all.find("padim: published with WideResNet-50, here with dinov2_vitb14_reg."),
              std::string::npos)
        << all;
}

TEST(MeasuredLines, CompeteForTheBest) {
    const auto table = the_table(with_rival("padim", 0.99), only("1"));
    EXPECT_TRUE(row_called(table, "PaDiM measured (DINOv2)").cells.front().best);
}

TEST(MeasuredLines, AreNotThereForWhatThePaperDoesNotQuoteOrIsTuned) {
    const auto plain = to_markdown(the_table(with_rival("visionad", 0.8), only("1")));
    EXPECT_EQ(plain.find(" measured (DINOv2)"), std::string::npos);
    const auto tuned = to_markdown(the_table(with_rival("padim:published", 0.8), only("1")));
    EXPECT_EQ(plain, tuned) << "and tables without them are what they were";
}

}  // namespace
}  // namespace patchead
