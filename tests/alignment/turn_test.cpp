// Turns of an image to the byte; the golden copies are in tests of `patchead verify`.

#include <array>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/core/version.hpp>
#include <opencv2/imgproc.hpp>

#include "patchead/alignment/warp.hpp"
#include "patchead/core/random.hpp"

namespace patchead {
namespace {

Image speckle(int height, int width, std::uint64_t seed) {
    Random random("speckle", seed);
    Image image{height, width, {}};
    for (int i = 0; i < 3 * height * width; ++i) {
        image.rgb.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    return image;
}

/// What the installed OpenCV makes of it.
std::vector<std::uint8_t> by_opencv(Image image, double degrees) {
    Image result = image;
    const cv::Mat from(image.height, image.width, CV_8UC3, image.rgb.data());
    cv::Mat to(image.height, image.width, CV_8UC3, result.rgb.data());
    const cv::Point2f centre(static_cast<float>(image.width) / 2,
                             static_cast<float>(image.height) / 2);
    cv::warpAffine(from, to, cv::getRotationMatrix2D(centre, degrees, 1), from.size(),
                   cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
    return result.rgb;
}

TEST(Turned, HasTheBytesOfOpenCvsWholeNumbers) {
    if (CV_VERSION_MAJOR > 4 || CV_VERSION_MINOR > 10) {
        GTEST_SKIP() << "OpenCV " << CV_VERSION << " warps by another rule";
    }
    std::uint64_t seed = 0;
    for (const auto& [height, width] : std::vector<std::array<int, 2>>{
             {1, 1}, {1, 7}, {2, 2}, {3, 40}, {64, 64}, {63, 130}, {257, 129}}) {
        const auto image = speckle(height, width, ++seed);
        for (const double degrees : {0.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0, 12.5}) {
            EXPECT_EQ(turned(image, degrees).rgb, by_opencv(image, degrees))
                << height << 'x' << width << " by " << degrees;
        }
    }
}

TEST(Turned, ByNothingIsTheSameImage) {
    const auto image = speckle(9, 14, 1);
    EXPECT_EQ(turned(image, 0).rgb, image.rgb);
}

TEST(TurnMatrix, KeepsTheCentreAndTurnsAnticlockwise) {
    const auto m = turn_matrix({10, 20}, 90);
    EXPECT_NEAR(m[0] * 10 + m[1] * 5 + m[2], 10, 1e-12);
    EXPECT_NEAR(m[3] * 10 + m[4] * 5 + m[5], 5, 1e-12);
    // From the right of the centre to above it.
    EXPECT_NEAR(m[0] * 11 + m[1] * 5 + m[2], 10, 1e-12);
    EXPECT_NEAR(m[3] * 11 + m[4] * 5 + m[5], 4, 1e-12);
}

}  // namespace
}  // namespace patchead
