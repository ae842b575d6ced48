#include "patchead/outputs/duplicate_outputs.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// A training image and three test images, each nearly as the next.
SweepPlan chain() {
    SweepPlan plan;
    for (const auto* split : {"train", "test", "test", "test"}) {
        Sample sample;
        sample.dataset = "toy";
        sample.category = "dots";
        sample.split = split;
        sample.defect_type = "good";
        sample.id = concat("dots/", split, "/good/", plan.spec.samples.size());
        plan.spec.samples.push_back(sample);
    }
    return plan;
}

const std::vector<CategoryDuplicates> kFound{
    {"toy", "dots", 4, 0.1, {{0, 1, 0.01, 0.1}, {1, 2, 0.02, 0.2}, {2, 3, 0.03, 0.3, true}}}};

TEST(DuplicateOutputs, LeaveOutATrainingImageBeforeATestImageAndNoneForNothing) {
    EXPECT_EQ(duplicates_to_leave_out(chain(), kFound),
              "# One image of each pair of near-duplicates: dataset, category, image.\n"
              "toy\tdots\tdots/train/good/0\n"
              "toy\tdots\tdots/test/good/2\n")
        << "the third pair lost an image to the second";
}

TEST(DuplicateOutputs, SayHowNearAPairIsAndWhereItLies) {
    EXPECT_EQ(duplicates_csv(chain(), kFound),
              "dataset,category,one,other,splits,types,distance,ratio,same_file\n"
              "toy,dots,dots/train/good/0,dots/test/good/1,test-train,good-good,0.01,0.1,no\n"
              "toy,dots,dots/test/good/1,dots/test/good/2,test-test,good-good,0.02,0.2,no\n"
              "toy,dots,dots/test/good/2,dots/test/good/3,test-test,good-good,0.03,0.3,yes\n");
    const auto table = duplicates_table(chain(), kFound);
    EXPECT_EQ(table.caption, "3 pairs of near-duplicates");
    ASSERT_EQ(table.rows.size(), 3U);
    EXPECT_EQ(table.rows[2][6].text, "yes");
    EXPECT_EQ(table.rows[2][8].number, 0.3);
    EXPECT_NE(to_markdown(table).find("30.0"), std::string::npos);
    const auto none = duplicates_table(chain(), {{"toy", "dots", 4, 0, {}}});
    EXPECT_TRUE(none.rows.empty());
    EXPECT_NE(none.footnotes.at(0).find("fewer than 8"), std::string::npos);
}

}  // namespace
}  // namespace patchead
