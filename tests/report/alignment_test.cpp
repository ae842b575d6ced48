#include "patchead/report/alignment.hpp"

#include <array>
#include <cmath>
#include <fstream>
#include <numbers>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

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

Image plain(int side, std::uint8_t value) {
    return {side, side,
            std::vector<std::uint8_t>(static_cast<std::size_t>(3 * side * side), value)};
}

TEST(WriteAlignedPair, ShowsInColourWhatDiffers) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "pair.png";
    write_aligned_pair(file, {plain(64, 200), plain(64, 10), plain(64, 50), "a onto b"});
    const auto picture = cv::imread(file.string());
    ASSERT_FALSE(picture.empty());
    const int middle = 20 + 128;
    EXPECT_EQ(picture.at<cv::Vec3b>(middle, 8 + 128), cv::Vec3b(200, 200, 200));
    EXPECT_EQ(picture.at<cv::Vec3b>(middle, 8 + 264 + 128), cv::Vec3b(10, 10, 10));
    EXPECT_EQ(picture.at<cv::Vec3b>(middle, 8 + 3 * 264 + 128), cv::Vec3b(200, 200, 50))
        << "only the source is dark here: cyan";
}

TEST(WriteAlignedPair, RefusesImagesOfSeveralSizes) {
    const TemporaryFolder folder;
    EXPECT_THROW(write_aligned_pair(folder.path() / "pair.png",
                                    {plain(64, 1), plain(32, 1), plain(64, 1), "a onto b"}),
                 DataError);
    EXPECT_EQ(folder.files(), 0);
}

}  // namespace
}  // namespace patchead
