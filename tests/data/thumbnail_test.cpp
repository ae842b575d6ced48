#include "patchead/data/thumbnail.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

namespace patchead {
namespace {

cv::Mat decoded(const std::string& bytes) {
    return cv::imdecode(std::vector<char>(bytes.begin(), bytes.end()), cv::IMREAD_UNCHANGED);
}

/// Red on the left, blue on the right.
Image halves(int height, int width) {
    Image image{height, width, {}};
    for (int i = 0; i < height * width; ++i) {
        const bool left = i % width < width / 2;
        for (const int value : {left ? 200 : 0, 0, left ? 0 : 200}) {
            image.rgb.push_back(static_cast<std::uint8_t>(value));
        }
    }
    return image;
}

TEST(JpegThumbnail, ShrinksToTheLongerSideAndKeepsColours) {
    const auto small = decoded(jpeg_thumbnail(halves(100, 400), 80));
    ASSERT_EQ(small.size(), cv::Size(80, 20));
    const auto left = small.at<cv::Vec3b>(10, 5);  // Blue, green, red.
    EXPECT_NEAR(left[2], 200, 12);
    EXPECT_NEAR(left[0], 0, 12);
}

TEST(JpegThumbnail, EnlargesNothing) {
    EXPECT_EQ(decoded(jpeg_thumbnail(halves(10, 12), 80)).size(), cv::Size(12, 10));
}

TEST(JpegThumbnail, IsTheSameBytesForTheSameImage) {
    EXPECT_EQ(jpeg_thumbnail(halves(90, 90), 40), jpeg_thumbnail(halves(90, 90), 40));
}

TEST(PngThumbnail, HasTheSizeOfTheImageAndLosesNoDefect) {
    Mask mask{100, 400, std::vector<std::uint8_t>(40000)};
    mask.anomalous[50 * 400 + 200] = 1;  // One pixel of 25 that become one.
    const auto small = decoded(png_thumbnail(mask, 80));
    ASSERT_EQ(small.size(), cv::Size(80, 20));
    EXPECT_EQ(cv::countNonZero(small), 1);
    EXPECT_EQ(small.at<std::uint8_t>(10, 40), 255);
}

}  // namespace
}  // namespace patchead
