#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "patchead/report/paper_reference.hpp"

namespace patchead {
namespace {

using Texts = std::vector<std::string>;

PaperPoint mvtec_screw(int shots) {
    return {"PatchEAD+", "DINOv2", "patchead+", "few-shot", shots, 0, "MVTec", "screw", "I-AUROC"};
}

TEST(PaperReference, HasEveryPrintedNumber) {
    std::map<std::string, int> counts;
    for (const auto& number : paper_reference().numbers) { ++counts[number.table]; }
    EXPECT_EQ(counts, (std::map<std::string, int>{{"table1", 224},
                                                  {"table2", 256},
                                                  {"table3", 100},
                                                  {"table4", 24},
                                                  {"table5", 32},
                                                  {"table6", 21},
                                                  {"table7", 384},
                                                  {"table8", 312},
                                                  {"table9", 288},
                                                  {"table10", 240}}));
}

TEST(PaperReference, KeepsTheDoubleNearestToWhatIsPrinted) {
    const auto* number = paper_reference().find("table7", mvtec_screw(1));
    ASSERT_NE(number, nullptr);
    EXPECT_EQ(number->mean, 0.806);
    EXPECT_EQ(number->std, 0.037);
    EXPECT_EQ(number->modules, "align+mask");
    EXPECT_EQ(number->recovered, std::nullopt);
}

// c2 = 84.3 and c1 = 80.6: v2 = 88.0. c4 = 86.2: v4 = 3 * 86.2 - 2 * 84.3 = 90.0.
TEST(PaperReference, HasTheRecoveredValuesOfSeveralShots) {
    EXPECT_EQ(paper_reference().find("table7", mvtec_screw(2))->recovered, 0.880);
    EXPECT_EQ(paper_reference().find("table7", mvtec_screw(4))->recovered, 0.900);
}

// The file of recovered values is derived from the printed ones; here it is derived again.
TEST(PaperReference, RecoversWhatTheCumulativeMeansSay) {
    const auto& reference = paper_reference();
    int seen = 0;
    for (const auto& number : reference.numbers) {
        if (!number.recovered) { continue; }
        const auto at = [&](int shots) {
            auto point = number.point;
            point.shots = shots;
            return reference.find(number.table, point)->mean;
        };
        const double expected = number.point.shots == 2 ? 2 * at(2) - at(1) : 3 * at(4) - 2 * at(2);
        EXPECT_NEAR(*number.recovered, expected, 1e-9) << number.point.category;
        ++seen;
    }
    EXPECT_EQ(seen, 2 * 8 * (15 + 12));  // Shots, columns, categories.
}

TEST(PaperReference, KnowsTheCategoriesOfEveryDataSet) {
    const auto& reference = paper_reference();
    EXPECT_EQ(reference.categories("BTAD"), (Texts{"01", "02", "03"}));
    for (const auto& number : reference.numbers) {
        if (number.table != "table6" || number.point.metric != "categories") { continue; }
        EXPECT_EQ(static_cast<double>(reference.categories(number.point.dataset).size()),
                  number.mean)
            << number.point.dataset;
    }
}

Texts texts_of(const std::string& kind) {
    Texts texts;
    for (const auto& found : audit(paper_reference())) {
        if (found.kind == kind) { texts.push_back(found.text); }
    }
    return texts;
}

TEST(PaperAudit, FindsAveragesThatRoundingDoesNotExplain) {
    EXPECT_EQ(texts_of("average"),
              (Texts{"Table 7 (PatchEAD (CLIP), 1-shot, MVTec, I-AUROC): the average is printed as "
                     "92.8, but the mean of its rows is 92.69.",
                     "Table 7 (PatchEAD (CLIP), 1-shot, MVTec, P-AUROC): the average is printed as "
                     "94.6, but the mean of its rows is 94.48."}));
}

// 31 of the 32 averages of 2 and 4 shots; the other one fits without the explanation, by chance.
TEST(PaperAudit, ExplainsTheRowsThatAreCumulativeMeans) {
    const std::string why =
        " points, because those rows are cumulative means over the shots; the recovered values "
        "average to them.";
    EXPECT_EQ(
        texts_of("cumulative"),
        (Texts{"Table 7, 2-shot: 7 averages differ from the mean of their category rows by up "
               "to 0.7" +
                   why,
               "Table 7, 4-shot: 8 averages differ from the mean of their category rows by up "
               "to 1.6" +
                   why,
               "Table 8, 2-shot: 8 averages differ from the mean of their category rows by up "
               "to 1.7" +
                   why,
               "Table 8, 4-shot: 8 averages differ from the mean of their category rows by up "
               "to 2.1" +
                   why}));
}

TEST(PaperAudit, FindsTheValueAbove100Percent) {
    EXPECT_EQ(texts_of("impossible"),
              (Texts{"Table 7 (PatchEAD (DINOv2), 4-shot, MVTec leather, P-AUROC): 99.5 as a "
                     "cumulative mean would take 101.1 at this number of shots; probably a "
                     "misprint."}));
}

TEST(PaperAudit, FindsPointsThatTablesPrintWithDifferentMeans) {
    const std::string by = ": printed differently: ";
    EXPECT_EQ(texts_of("mean"),
              (Texts{"PatchEAD (CLIP), 1-shot, MVTec, I-AUROC" + by +
                         "Table 1 92.8 ± 0.9, Table 3 91.6 ± 0.7, Table 7 92.8 ± 0.9.",
                     "PatchEAD (CLIP), 1-shot, MVTec, P-AUROC" + by +
                         "Table 1 94.6 ± 0.2, Table 3 94.5 ± 0.3, Table 7 94.6 ± 0.2.",
                     "PatchEAD (CLIP), 1-shot, VisA, I-AUROC" + by +
                         "Table 1 84.5 ± 1.3, Table 3 81.6 ± 0.9, Table 8 84.5 ± 1.3.",
                     "PatchEAD (CLIP), 2-shot, MVTec, I-AUROC" + by +
                         "Table 1 92.8 ± 0.5, Table 3 91.6 ± 0.6, Table 7 92.8 ± 0.5.",
                     "PatchEAD (CLIP), 2-shot, VisA, I-AUROC" + by +
                         "Table 1 87.8 ± 1.4, Table 3 85.3 ± 1.1, Table 8 87.8 ± 1.4.",
                     "PatchEAD (CLIP), 4-shot, MVTec, I-AUROC" + by +
                         "Table 1 95.2 ± 0.9, Table 3 94.1 ± 0.8, Table 7 95.2 ± 0.9.",
                     "PatchEAD (CLIP), 4-shot, VisA, I-AUROC" + by +
                         "Table 1 89.3 ± 0.5, Table 3 86.7 ± 0.3, Table 8 89.3 ± 0.5."}));
}

TEST(PaperAudit, FindsPointsThatTablesPrintWithDifferentDeviations) {
    const std::string by = ": printed differently: ";
    EXPECT_EQ(texts_of("deviation"),
              (Texts{"PatchEAD (DINOv2), 2-shot, MVTec, I-AUROC" + by +
                         "Table 1 95.0 ± 0.1, Table 3 95.0 ± 0.1, Table 7 95.0 ± 0.0.",
                     "PatchEAD (DINOv2), 4-shot, VisA, I-AUROC" + by +
                         "Table 1 88.9 ± 0.1, Table 3 88.9 ± 0.1, Table 4 88.9 ± 0.1, "
                         "Table 5 88.9 ± 0.1, Table 8 88.9 ± 0.0.",
                     "PatchEAD (DINOv2), 4-shot, VisA, P-AUROC" + by +
                         "Table 1 98.0 ± 0.1, Table 3 98.0 ± 0.1, Table 4 98.0 ± 0.1, "
                         "Table 5 98.0 ± 0.1, Table 8 98.0 ± 0.0.",
                     "PatchEAD+ (DINOv2), 4-shot, VisA, P-AUROC" + by +
                         "Table 1 98.0 ± 0.1, Table 5 98.0 ± 0.1, Table 8 98.0 ± 0.0."}));
}

// No kind but those above; nothing in the zero-shot tables.
TEST(PaperAudit, FindsNothingElse) { EXPECT_EQ(audit(paper_reference()).size(), 18U); }

TEST(PaperAudit, NamesTheCellsThatItIsAbout) {
    for (const auto& found : audit(paper_reference())) {
        EXPECT_FALSE(found.cells.empty()) << found.text;
        for (const auto& [table, point] : found.cells) {
            EXPECT_NE(paper_reference().find(table, point), nullptr) << found.text;
        }
    }
}

// A changed number is noticed: the average of Table 2's data sets, and its twin in Table 9.
TEST(PaperAudit, NoticesAChangedNumber) {
    auto reference = paper_reference();
    const PaperPoint point{"PatchEAD", "CLIP", "none", "batch-zero-shot", 0,
                           0,          "MPDD", "",     "I-AUROC"};
    for (auto& number : reference.numbers) {
        if (number.table == "table2" && number.point == point) { number.mean -= 0.1; }
    }
    const auto found = audit(reference);
    ASSERT_EQ(found.size(), 20U);
    EXPECT_EQ(found[0].text,
              "Table 2 (PatchEAD (CLIP), batch zero-shot, Average, I-AUROC): the "
              "average is printed as 88.1, but the mean of its rows is 86.71.");
    EXPECT_TRUE(std::ranges::any_of(found, [](const PaperInconsistency& one) {
        return one.text ==
               "PatchEAD (CLIP), batch zero-shot, MPDD, I-AUROC: printed differently: "
               "Table 2 59.5, Table 9 69.5.";
    }));
}

}  // namespace
}  // namespace patchead
