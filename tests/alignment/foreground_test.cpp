#include "alignment/foreground.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "parts.hpp"
#include "patchead/alignment/object.hpp"

namespace patchead {
namespace {

/// A disc of 80 px radius on a plain ground.
cv::Mat disc(const cv::Scalar& ground, const cv::Scalar& object) {
    cv::Mat rgb(kSide, kSide, CV_8UC3, ground);
    cv::circle(rgb, {200, 250}, 80, object, cv::FILLED);
    return rgb;
}

/// Share of its area by which a mask differs from the disc.
double error(const cv::Mat& mask) {
    if (mask.empty()) { return 1; }
    cv::Mat expected = cv::Mat::zeros(mask.size(), CV_8UC1);
    cv::circle(expected, {200, 250}, 80, 255, cv::FILLED);
    return double(cv::countNonZero(mask != expected)) / cv::countNonZero(expected);
}

// The outline is blurred by 2 px of 80, so a ring of a pixel may be on either side.
constexpr double kRing = 0.03;

TEST(FindForeground, IsWhatDiffersFromTheGround) {
    EXPECT_LE(error(find_foreground(disc(cv::Scalar::all(200), cv::Scalar::all(80)))), kRing);
    EXPECT_LE(error(find_foreground(disc(cv::Scalar::all(30), cv::Scalar::all(170)))), kRing);
}

// Luma of both is 90.
TEST(FindForeground, IsFoundByColourAlone) {
    const cv::Scalar teal(20, 117, 134);
    EXPECT_LE(error(find_foreground(disc(cv::Scalar::all(90), teal))), kRing);
}

TEST(FindForeground, HoldsDarkAndBrightPartsAlike) {
    auto rgb = disc(cv::Scalar::all(128), cv::Scalar::all(30));
    cv::circle(rgb, {200, 250}, 40, cv::Scalar::all(230), cv::FILLED);
    // Where dark turns to bright, the blurred image passes the ground's gray.
    EXPECT_LE(error(find_foreground(rgb)), 0.1);
}

TEST(FindForeground, LeavesOutAShadow) {
    cv::Mat rgb(kSide, kSide, CV_8UC3, cv::Scalar::all(180));
    cv::circle(rgb, {215, 265}, 80, cv::Scalar::all(155), cv::FILLED);
    cv::circle(rgb, {200, 250}, 80, cv::Scalar::all(60), cv::FILLED);
    EXPECT_LE(error(find_foreground(rgb)), kRing);
}

TEST(FindForeground, IsEmptyWhereNothingStandsOut) {
    const auto gray = cv::Scalar::all(128);
    EXPECT_TRUE(find_foreground(disc(gray, gray)).empty()) << "blank";
    EXPECT_TRUE(find_foreground(disc(gray, cv::Scalar::all(134))).empty()) << "faint";
    cv::Mat dust(kSide, kSide, CV_8UC3, gray);
    cv::circle(dust, {200, 250}, 20, cv::Scalar::all(0), cv::FILLED);
    EXPECT_TRUE(find_foreground(dust).empty()) << "small";
    auto texture = photograph(draw_texture(3), {}, 1);
    EXPECT_TRUE(find_foreground({kSide, kSide, CV_8UC3, texture.rgb.data()}).empty()) << "texture";
}

/// A disc on a plain ground, with a soft shadow that is as wide and half as dark.
cv::Mat disc_with_shadow(const cv::Scalar& object) {
    const auto ground = cv::Scalar::all(180);
    cv::Mat rgb(kSide, kSide, CV_8UC3, ground);
    cv::circle(rgb, {216, 268}, 80, cv::Scalar::all(115), cv::FILLED);
    cv::GaussianBlur(rgb, rgb, {}, 8);
    cv::circle(rgb, {200, 250}, 80, object, cv::FILLED);
    return rgb;
}

TEST(FindObject, LeavesOutAShadowThatTheForegroundHolds) {
    const auto rgb = disc_with_shadow(cv::Scalar::all(60));
    EXPECT_GT(error(find_foreground(rgb)), 0.08);
    EXPECT_LE(error(find_object(rgb).mask), 2 * kRing);
}

TEST(FindObject, HoldsWhatNoShadowLooksLike) {
    // Half of the object differs from the ground about as little as its shadow does.
    const auto with_half = [](const cv::Scalar& weak) {
        auto rgb = disc_with_shadow(cv::Scalar::all(60));
        cv::ellipse(rgb, {200, 250}, {80, 80}, 0, 90, 270, weak, cv::FILLED);
        return find_object(rgb).mask;
    };
    EXPECT_LE(error(with_half(cv::Scalar::all(245))), 2 * kRing) << "bright";
    EXPECT_LE(error(with_half({150, 90, 90})), 2 * kRing) << "coloured";
    EXPECT_LE(error(with_half(cv::Scalar::all(95))), 2 * kRing) << "with a steep edge";
}

TEST(FindObject, HasNoHolesWithoutItsShadow) {
    auto rgb = disc_with_shadow(cv::Scalar::all(60));
    cv::circle(rgb, {210, 240}, 30, cv::Scalar::all(180), cv::FILLED);
    EXPECT_TRUE(find_object(rgb).is_silhouette);
    EXPECT_LE(error(find_object(rgb).mask), 2 * kRing);
}

TEST(FindObject, IsTheForegroundWhereThereIsNoShadow) {
    auto rgb = disc(cv::Scalar::all(200), cv::Scalar::all(80));
    cv::circle(rgb, {210, 240}, 30, cv::Scalar::all(200), cv::FILLED);
    const auto object = find_object(rgb);
    EXPECT_FALSE(object.is_silhouette);
    EXPECT_EQ(cv::countNonZero(object.mask != find_foreground(rgb)), 0);
}

TEST(FindObject, IsTheForegroundIfHardlyAnythingElseIsLeft) {
    cv::Mat rgb(kSide, kSide, CV_8UC3, cv::Scalar::all(180));
    cv::circle(rgb, {200, 250}, 80, cv::Scalar::all(120), cv::FILLED);
    cv::GaussianBlur(rgb, rgb, {}, 20);
    cv::circle(rgb, {200, 250}, 15, cv::Scalar::all(0), cv::FILLED);
    EXPECT_LE(error(find_object(rgb).mask), 0.1);
}

TEST(FindObject, IsEmptyWhereTheForegroundIs) {
    auto texture = photograph(draw_texture(3), {}, 1);
    EXPECT_TRUE(find_object({kSide, kSide, CV_8UC3, texture.rgb.data()}).mask.empty());
}

TEST(ObjectShares, AreThoseOfThePatches) {
    auto rgb = disc(cv::Scalar::all(200), cv::Scalar::all(80));
    Image image{kSide, kSide, {}};
    image.rgb.assign(rgb.data, rgb.data + rgb.total() * 3);
    const Grid grid{14, 14};
    const auto shares = object_shares(image, {{14, 14}, grid, 1});
    const double patch_px = kSide / 14.0;
    for (int row = 0; row < grid.rows; ++row) {
        for (int col = 0; col < grid.cols; ++col) {
            const double away =
                std::hypot((col + 0.5) * patch_px - 200, (row + 0.5) * patch_px - 250);
            const auto share = shares[static_cast<std::size_t>(row * grid.cols + col)];
            if (away < 80 - patch_px) { EXPECT_GT(share, 0.9F) << row << ' ' << col; }
            if (away > 80 + patch_px) { EXPECT_EQ(share, 0.0F) << row << ' ' << col; }
        }
    }
}

TEST(ObjectShares, AreZeroOnATexture) {
    const auto shares = object_shares(photograph(draw_texture(3), {}, 1), {{4, 4}, {4, 4}, 1});
    EXPECT_EQ(shares, std::vector<float>(16, 0.0F));
}

}  // namespace
}  // namespace patchead
