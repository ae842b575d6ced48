// What holds of each estimator.

#include <cctype>
#include <stdexcept>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "align_images.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

std::string printable(AlignEstimator estimator) {
    std::string name(name_of(estimator));
    std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
    return name;
}

class AnyEstimator : public testing::TestWithParam<AlignEstimator> {};
INSTANTIATE_TEST_SUITE_P(Align, AnyEstimator, testing::ValuesIn(all_estimators()),
                         [](const auto& instance) { return printable(instance.param); });

TEST_P(AnyEstimator, LeavesAnImageWhereItIs) {
    for (const auto& drawn : {draw_nut(), draw_screw(), draw_texture(1)}) {
        const auto image = photograph(drawn, {}, 1);
        const auto alignment = align_images(image, image, with(GetParam()));
        expect_rejected(alignment);
        EXPECT_DOUBLE_EQ(alignment.ncc_before, 1);
    }
}

TEST_P(AnyEstimator, LeavesASecondPhotographWhereItIs) {
    const auto nut = draw_nut();
    const auto alignment =
        align_images(photograph(nut, {}, 1), photograph(nut, {}, 2), with(GetParam()));
    EXPECT_LE(distance_px(alignment.transform, {}), 0.1);
}

TEST_P(AnyEstimator, RejectsNoise) {
    const auto noise = [](std::uint64_t seed) { return expose(grain(kSide, 0.7, seed), 40, seed); };
    expect_rejected(align_images(noise(1), noise(2), with(GetParam())));
}

TEST_P(AnyEstimator, RejectsBlankImages) {
    const auto part = photograph(draw_nut(), {}, 1);
    for (const auto& [source, target] : {std::pair{plain(90), plain(90)},
                                         {plain(0), plain(255)},
                                         {plain(90), part},
                                         {part, plain(90)}}) {
        const auto alignment = align_images(source, target, with(GetParam()));
        expect_rejected(alignment);
        EXPECT_EQ(alignment.ncc_before, 0);
    }
}

TEST_P(AnyEstimator, RejectsTexturesOfDifferentPlaces) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        expect_rejected(align_images(photograph(draw_texture(seed), {}, 1),
                                     photograph(draw_texture(seed + 10), {}, 2), with(GetParam())));
    }
}

TEST_P(AnyEstimator, MovesATextureRightOrNotAtAll) {
    const auto texture = draw_texture(1);
    for (const Pose pose : {Pose{0, 40, -25}, Pose{20, 15, 30}, Pose{0, 180, 0}}) {
        const auto alignment = align_images(photograph(texture, {}, 1),
                                            photograph(texture, pose, 2), with(GetParam()));
        if (!alignment.accepted) { continue; }
        EXPECT_LE(distance_px(alignment.transform, motion(pose)), 1) << pose.degrees;
        EXPECT_GE(alignment.scale, 0.9);
        EXPECT_LE(alignment.scale, 1.1);
    }
}

TEST_P(AnyEstimator, GivesTheSameBitsEveryTime) {
    const auto screw = draw_screw();
    const auto source = photograph(screw, {}, 1);
    const auto target = photograph(screw, {70, 12, 9}, 2);
    const int threads = cv::getNumThreads();
    cv::setNumThreads(1);
    cv::setRNGSeed(1);
    const auto first = align_images(source, target, with(GetParam()));
    const auto again = align_images(source, target, with(GetParam()));
    cv::setNumThreads(2);
    cv::setRNGSeed(2);
    const auto in_threads = align_images(source, target, with(GetParam()));
    cv::setNumThreads(threads);
    EXPECT_EQ(first, again);
    EXPECT_EQ(first, in_threads);
    EXPECT_EQ(first.accepted, GetParam() != AlignEstimator::identity);
}

TEST_P(AnyEstimator, WorksAtTheSmallestSide) {
    auto options = with(GetParam());
    options.side_px = 32;
    const auto nut = draw_nut();
    const auto source = photograph(nut, {}, 1);
    const auto alignment = align_images(source, photograph(nut, {30, 0, 0}, 2), options);
    EXPECT_GE(alignment.ncc_after, alignment.ncc_before);
    options.side_px = 31;
    EXPECT_THROW(static_cast<void>(find_landmarks(source, options)), ConfigError);
}

TEST_P(AnyEstimator, RefusesLandmarksOfOtherOptions) {
    const auto image = photograph(draw_nut(), {}, 1);
    const auto options = with(GetParam());
    auto smaller = options;
    smaller.side_px = 224;
    const auto landmarks = find_landmarks(image, options);
    const auto others = find_landmarks(image, smaller);
    EXPECT_THROW(static_cast<void>(align(*landmarks, *others, options)), std::logic_error);
}

using Case = std::tuple<AlignEstimator, std::string, double>;

std::string printable_case(const testing::TestParamInfo<Case>& instance) {
    const auto& [estimator, part, degrees] = instance.param;
    return concat(printable(estimator), "_", part, "_", degrees);
}

class KnownMotion : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(
    Align, KnownMotion,
    testing::Combine(testing::Values(AlignEstimator::automatic, AlignEstimator::orb,
                                     AlignEstimator::sift, AlignEstimator::akaze,
                                     AlignEstimator::log_polar, AlignEstimator::moments),
                     testing::Values("nut", "screw"), testing::Values(5.0, 45.0, 90.0, 170.0)),
    printable_case);

TEST_P(KnownMotion, IsFoundWithinOnePixel) {
    const auto& [estimator, part, degrees] = GetParam();
    const auto drawn = part == "nut" ? draw_nut() : draw_screw();
    const Pose pose{degrees, 21.3, -14.7};
    const auto found =
        align_images(photograph(drawn, {}, 1), photograph(drawn, pose, 2), with(estimator));
    EXPECT_TRUE(found.accepted);
    EXPECT_LE(distance_px(found.transform, motion(pose)), 1);
    EXPECT_LE(found.ncc_before, 0.7);
    EXPECT_GE(found.ncc_after, 0.97);
    EXPECT_NEAR(found.scale, 1, 0.02);
    const auto& m = found.transform.m;
    EXPECT_NEAR(m[0] * m[4] - m[1] * m[3], 1, 1e-12) << "not rigid";
    EXPECT_NE(found.method, "");
    if (estimator != AlignEstimator::automatic) { EXPECT_EQ(found.method, name_of(estimator)); }
}

}  // namespace
}  // namespace patchead
