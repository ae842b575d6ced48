#include "patchead/pictures/image_pair.hpp"

#include <algorithm>

#include <opencv2/core.hpp>

#include "heatmap_panels.hpp"
#include "picture.hpp"

namespace patchead {
namespace {

// Lengths in pixels of the picture.
constexpr int kPairSide = 384;
constexpr int kPairMargin = 8;
constexpr int kPairText = 20;

/// As large as fits a square, with its own aspect.
cv::Size size_in_pair(const Image& image) {
    const double scale =
        static_cast<double>(kPairSide) / static_cast<double>(std::max(image.width, image.height));
    return {std::max(1, cvRound(image.width * scale)), std::max(1, cvRound(image.height * scale))};
}

}  // namespace

void write_image_pair(const std::filesystem::path& path, const Image& one,
                      const std::string& caption_of_one, const Image& other,
                      const std::string& caption_of_other) {
    auto picture = blank_picture(
        {2 * (kPairSide + kPairMargin) + kPairMargin, kPairSide + 2 * kPairText + 2 * kPairMargin});
    const auto draw = [&](const Image& image, const cv::Point& corner) {
        const auto size = size_in_pair(image);
        input_panel(image, size).copyTo(picture(cv::Rect(corner, size)));
    };
    draw(one, {kPairMargin, kPairMargin});
    draw(other, {2 * kPairMargin + kPairSide, kPairMargin});
    write_text(picture, caption_of_one, {kPairMargin, kPairSide + kPairMargin + kPairText});
    write_text(picture, caption_of_other, {kPairMargin, kPairSide + kPairMargin + 2 * kPairText});
    write_picture(path, picture);
}

}  // namespace patchead
