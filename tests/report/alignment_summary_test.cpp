#include "patchead/report/alignment_summary.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace patchead {
namespace {

Alignment turned(double degrees, const std::string& method, int inliers) {
    const double angle = degrees * std::numbers::pi / 180;
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    // About the centre, so that the centre does not move.
    const Transform transform{{c, -s, 0.5 * (1 - c + s), s, c, 0.5 * (1 - s - c)}};
    return {transform, true, method, 50, inliers, 1, 0.25, 0.75};
}

TEST(Summarise, CountsAndAverages) {
    const std::array alignments{turned(90, "orb", 30), turned(-30, "moments", 0), Alignment{}};
    const auto summary = summarise(alignments);
    EXPECT_EQ(summary.attempts, 3U);
    EXPECT_EQ(summary.accepted, 2U);
    EXPECT_EQ(summary.methods, (std::map<std::string, std::size_t>{{"moments", 1}, {"orb", 1}}));
    EXPECT_DOUBLE_EQ(summary.inliers, 30) << "over those that have keypoints";
    EXPECT_NEAR(summary.abs_angle_deg, 60, 1e-9);
    EXPECT_NEAR(summary.shift, 0, 1e-12);
    EXPECT_DOUBLE_EQ(summary.ncc_after - summary.ncc_before, 0.5);
}

TEST(Summarise, OfNothingAcceptedIsZeroAndNotUndefined) {
    const std::array alignments{Alignment{}};
    const auto summary = summarise(alignments);
    EXPECT_EQ(summary.accepted, 0U);
    EXPECT_EQ(summary.abs_angle_deg, 0);
}

TEST(AlignmentTables, HaveALineForEachSummary) {
    auto summary = summarise(std::array{turned(90, "orb", 30), Alignment{}});
    summary.dataset = "mvtec";
    summary.category = "nut, metal";
    summary.setting = "few-shot";
    const std::array summaries{summary};
    EXPECT_NE(alignment_csv(summaries).find("mvtec,\"nut, metal\",few-shot,2,1,30,90"),
              std::string::npos)
        << alignment_csv(summaries);
    EXPECT_NE(alignment_markdown(summaries).find(
                  "| mvtec | nut, metal | few-shot | 2 | 50.0 | 30.0 | 90.0 | 0.250 | 0.750 "
                  "| orb 1 |"),
              std::string::npos)
        << alignment_markdown(summaries);
}

}  // namespace
}  // namespace patchead
