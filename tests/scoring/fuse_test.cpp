#include "patchead/scoring/fuse.hpp"

#include <gtest/gtest.h>

#include <vector>

// Expected numbers were worked out by hand.

namespace patchead {
namespace {

using Scores = std::vector<float>;

Scores calibrated(FuseCalibration how, const Scores& all, Scores scores) {
    Calibration(how, all).apply(scores);
    return scores;
}

TEST(Calibration, OfNoneLeavesScoresAsTheyAre) {
    EXPECT_EQ(calibrated(FuseCalibration::none, {}, {0.1F, 7}), (Scores{0.1F, 7}));
}

// Median 0.4, deviations 0.3 0.1 0 0.2 8.6, MAD 0.2: one score far off moves neither.
TEST(Calibration, ByMedianAndMadIsNotMovedByAFewAnomalies) {
    const auto z = calibrated(FuseCalibration::robust_z, {0.1F, 9, 0.4F, 0.3F, 0.6F},
                              {0.1F, 0.4F, 0.6F, 9, 1});
    const Scores expected{-1.011736F, 0, 0.6744908F, 29.0031F, 2.0234723F};
    for (std::size_t i = 0; i < z.size(); ++i) { EXPECT_NEAR(z[i], expected[i], 1e-5F) << i; }
}

// Median (2 + 5) / 2, deviations 2.5 1.5 1.5 4.5, their median 2.
TEST(Calibration, TakesTheMiddleOfTwo) {
    const auto z = calibrated(FuseCalibration::robust_z, {8, 1, 5, 2}, {8, 3.5F});
    EXPECT_FLOAT_EQ(z[0], static_cast<float>(4.5 / (1.4826 * 2)));
    EXPECT_EQ(z[1], 0);
}

TEST(Calibration, OnlyShiftsScoresThatMostlyAgree) {
    EXPECT_EQ(calibrated(FuseCalibration::robust_z, {3, 3, 3, 5}, {3, 5}), (Scores{0, 2}));
}

TEST(Calibration, ByRankIsTheShareThatIsNotAbove) {
    EXPECT_EQ(calibrated(FuseCalibration::rank, {5, 1, 2, 2}, {0, 1, 2, 3, 5, 9}),
              (Scores{0, 0.25F, 0.75F, 0.75F, 1, 1}));
}

TEST(FusedScores, AreTheMeanOrTheHighestOfEach) {
    FusedScores mean(FuseRule::mean), highest(FuseRule::highest);
    for (auto* fused : {&mean, &highest}) {
        fused->add(Scores{1, -6, 3});
        fused->add(Scores{2, -9, 0});
        fused->add(Scores{6, 0, 0.75F});
    }
    EXPECT_EQ(mean.take(), (Scores{3, -5, 1.25F}));
    EXPECT_EQ(highest.take(), (Scores{6, 0, 3}));
    mean.add(Scores{4});
    EXPECT_EQ(mean.take(), (Scores{4})) << "it starts anew";
}

}  // namespace
}  // namespace patchead
