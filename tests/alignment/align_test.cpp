#include "patchead/alignment/align.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "align_images.hpp"
#include "alignment/foreground.hpp"

namespace patchead {
namespace {

TEST(Align, FindsAShiftedTextureByItsKeypoints) {
    const Pose pose{0, 40, -25};
    const auto source = photograph(draw_texture(1), {}, 1);
    const auto target = photograph(draw_texture(1), pose, 2);
    for (const auto estimator : {AlignEstimator::automatic, AlignEstimator::orb,
                                 AlignEstimator::sift, AlignEstimator::akaze}) {
        const auto found = align_images(source, target, with(estimator));
        EXPECT_TRUE(found.accepted) << name_of(estimator);
        EXPECT_LE(distance_px(found.transform, motion(pose)), 1) << name_of(estimator);
    }
}

/// A weave with grain of its own, moved by whole pixels of the drawing.
cv::Mat draw_weave(int shift_px, std::uint64_t seed) {
    cv::Mat drawn = grain(2 * kSide, 2, seed) * 5 + 128;
    for (int row = 0; row < drawn.rows; ++row) {
        for (int col = 0; col < drawn.cols; ++col) {
            const double along = 2 * std::numbers::pi * (col + shift_px) / 56;
            const double across = 2 * std::numbers::pi * row / 42;
            drawn.at<float>(row, col) +=
                static_cast<float>(40 * std::sin(along) + 25 * std::sin(across + along));
        }
    }
    return drawn;
}

// The weave agrees with itself at each shift by a period, so none of them says where the cloth
// lies.
TEST(Align, OfAPeriodicTextureIsLeftToThoseWhoAreAskedByName) {
    const auto source = photograph(draw_weave(0, 1), {}, 1);
    const auto target = photograph(draw_weave(20, 2), {}, 2);
    EXPECT_TRUE(align_images(source, target, with(AlignEstimator::log_polar)).accepted);
    expect_rejected(align_images(source, target, with(AlignEstimator::automatic)));
}

TEST(Align, SaysWhoProposedWhatWasAccepted) {
    const auto nut = draw_nut();
    const auto source = photograph(nut, {}, 1);
    const auto target = photograph(nut, {45, 0, 0}, 2);
    const auto orb = align_images(source, target, with(AlignEstimator::orb));
    EXPECT_EQ(orb.method, "orb");
    EXPECT_GE(orb.matches, orb.inliers);
    EXPECT_GE(orb.inliers, 100);
    const auto moments = align_images(source, target, with(AlignEstimator::moments));
    EXPECT_EQ(moments.method, "moments");
    EXPECT_EQ(moments.matches, 0);
    EXPECT_EQ(moments.inliers, 0);
}

TEST(Align, SaysHowFewMatchesWereNotEnough) {
    const auto alignment =
        align_images(photograph(draw_nut(), {}, 1), photograph(draw_texture(1), {}, 2),
                     with(AlignEstimator::orb));
    expect_rejected(alignment);
    EXPECT_GT(alignment.matches, 0);
    EXPECT_LT(alignment.inliers, alignment.matches);
}

TEST(Align, KeepsTheScaleOnlyOfASimilarity) {
    const auto nut = draw_nut();
    const Pose pose{30, 10, 5, 1.05};
    const auto source = photograph(nut, {}, 1);
    const auto target = photograph(nut, pose, 2);
    for (const auto estimator : {AlignEstimator::orb, AlignEstimator::sift, AlignEstimator::akaze,
                                 AlignEstimator::log_polar, AlignEstimator::moments}) {
        SCOPED_TRACE(name_of(estimator));
        const auto rigid = align_images(source, target, with(estimator));
        const auto similar = align_images(source, target, with(estimator, AlignModel::similarity));
        EXPECT_NEAR(rigid.scale, 1.05, 0.01);
        EXPECT_NEAR(std::hypot(rigid.transform.m[0], rigid.transform.m[3]), 1, 1e-12);
        EXPECT_NEAR(std::hypot(similar.transform.m[0], similar.transform.m[3]), 1.05, 0.01);
        EXPECT_LE(distance_px(similar.transform, motion(pose)), 2);
        EXPECT_GT(similar.ncc_after, rigid.ncc_after);
    }
}

TEST(Align, RejectsAPartOfAnotherSize) {
    const auto nut = draw_nut();
    const auto source = photograph(nut, {}, 1);
    const auto target = photograph(nut, {30, 10, 5, 0.8}, 2);
    for (const auto estimator : all_estimators()) {
        SCOPED_TRACE(name_of(estimator));
        const auto alignment = align_images(source, target, with(estimator));
        // Automatic may still find a shift that helps, but nothing of another scale.
        if (alignment.accepted) { EXPECT_NEAR(alignment.scale, 1, 0.1); }
        if (estimator != AlignEstimator::automatic) { expect_rejected(alignment); }
    }
}

/// Where the centroid of a mask lies, in px.
cv::Point2d centroid(const cv::Mat& mask) {
    const auto m = cv::moments(mask, true);
    return {m.m10 / m.m00, m.m01 / m.m00};
}

cv::Mat pixels(const Image& image) {
    return cv::Mat(kSide, kSide, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data())).clone();
}

// The shadow is a part of what differs from the ground, and does not turn with the nut.
TEST(Align, IsNotMisledByAShadow) {
    const auto nut = draw_nut();
    const auto source = photograph_with_shadow(nut, {}, 1);
    for (const double degrees : {60.0, 90.0, 180.0}) {
        SCOPED_TRACE(degrees);
        const Pose pose{degrees, 8.3, -11.7};
        const auto target = photograph_with_shadow(nut, pose, 2);
        const auto off = [&](const auto& find) {
            const auto from = centroid(find(pixels(source)));
            const auto to = centroid(find(pixels(target)));
            const auto& m = motion(pose).m;
            return std::hypot(m[0] * from.x + m[1] * from.y + m[2] * kSide - to.x,
                              m[3] * from.x + m[4] * from.y + m[5] * kSide - to.y);
        };
        EXPECT_GT(off(find_foreground), 5);
        EXPECT_LT(off([](const cv::Mat& rgb) { return find_object(rgb).mask; }), 3) << "the start";
        const auto found = align_images(source, target, with(AlignEstimator::automatic));
        EXPECT_TRUE(found.accepted);
        EXPECT_LE(distance_px(found.transform, motion(pose)), 1);
    }
}

// The head is out of the picture, so centroid and length are those of the rest.
TEST(Align, FindsAPartThatIsCutOffByTheBorder) {
    const auto screw = draw_screw();
    const Pose pose{90, 0, -150};
    const auto source = photograph(screw, {}, 1);
    const auto target = photograph(screw, pose, 2);
    const auto found = align_images(source, target, with(AlignEstimator::automatic));
    EXPECT_TRUE(found.accepted);
    EXPECT_LE(distance_px(found.transform, motion(pose)), 3);
}

// Two equal halves: neither the outline nor the spectrum tells head from tail, only colours do.
TEST(Align, TellsTheEndsOfASymmetricOutlineByTheirColours) {
    cv::Mat drawn(2 * kSide, 2 * kSide, CV_32F, cv::Scalar(120));
    cv::rectangle(drawn, {248, 388}, {448, 508}, cv::Scalar(60), cv::FILLED);
    cv::rectangle(drawn, {448, 388}, {648, 508}, cv::Scalar(230), cv::FILLED);
    for (const double degrees : {30.0, 210.0}) {
        const Pose pose{degrees, 0, 0};
        for (const auto estimator :
             {AlignEstimator::automatic, AlignEstimator::log_polar, AlignEstimator::moments}) {
            const auto found =
                align_images(photograph(drawn, {}, 1), photograph(drawn, pose, 2), with(estimator));
            EXPECT_TRUE(found.accepted);
            EXPECT_LE(distance_px(found.transform, motion(pose)), 1.5)
                << name_of(estimator) << ' ' << degrees;
        }
    }
}

TEST(Align, SquashesImagesOfAnyShape) {
    const auto nut = draw_nut();
    const auto wide = [&](const Pose& pose, std::uint64_t seed) {
        auto image = photograph(nut, pose, seed);
        cv::Mat pixels(kSide, kSide, CV_8UC3, image.rgb.data());
        cv::Mat stretched;
        cv::resize(pixels, stretched, {3 * kSide / 2, kSide}, 0, 0, cv::INTER_CUBIC);
        return Image{stretched.rows, stretched.cols, {stretched.datastart, stretched.dataend}};
    };
    const Pose pose{45, 21.3, -14.7};
    const auto found = align_images(wide({}, 1), wide(pose, 2), with(AlignEstimator::automatic));
    EXPECT_LE(distance_px(found.transform, motion(pose)), 1);
}

}  // namespace
}  // namespace patchead
