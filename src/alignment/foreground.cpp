#include "foreground.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace patchead {
namespace {

constexpr double kBlur = 1.0 / 224;     ///< Sigma per side: 2 px at 448.
constexpr double kBorder = 1.0 / 32;    ///< Width per side of the strip that shows the ground.
constexpr double kColourWeight = 3;     ///< Of a level of chroma against one of brightness.
constexpr double kLeastContrast = 10;   ///< Levels between ground and object.
constexpr double kLeastArea = 0.02;     ///< Of the image; less is dust, or a defect of a texture.
constexpr double kMostArea = 0.9;       ///< More is no object on a ground.
constexpr double kMostOfBorder = 0.35;  ///< Share of the strip that an object may cover.

/// 255 on the strip along the four borders.
cv::Mat border_strip(cv::Size size) {
    const int width = std::max(1, static_cast<int>(kBorder * size.width));
    cv::Mat strip(size, CV_8UC1, cv::Scalar(255));
    strip(cv::Rect(width, width, size.width - 2 * width, size.height - 2 * width)).setTo(0);
    return strip;
}

/// Median of the strip in one channel.
double ground_level(const cv::Mat& channel, const cv::Mat& strip) {
    std::vector<std::uint8_t> values;
    for (int row = 0; row < channel.rows; ++row) {
        for (int col = 0; col < channel.cols; ++col) {
            if (strip.at<std::uint8_t>(row, col) != 0) {
                values.push_back(channel.at<std::uint8_t>(row, col));
            }
        }
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Difference from the ground in brightness or in colour, whichever is larger: gray alone would
/// miss a part that is as bright as the ground, and red, green and blue alike would take the
/// shadow, which is darker but has no colour of its own, for a part of the object.
cv::Mat difference_from_ground(const cv::Mat& rgb, const cv::Mat& strip) {
    cv::Mat smooth;
    cv::GaussianBlur(rgb, smooth, {}, kBlur * rgb.cols);
    cv::cvtColor(smooth, smooth, cv::COLOR_RGB2YCrCb);
    std::vector<cv::Mat> channels;
    cv::split(smooth, channels);
    cv::Mat largest = cv::Mat::zeros(rgb.size(), CV_8UC1);
    for (std::size_t c = 0; c < channels.size(); ++c) {
        cv::Mat difference;
        cv::absdiff(channels[c], cv::Scalar(ground_level(channels[c], strip)), difference);
        cv::max(largest, difference * (c == 0 ? 1 : kColourWeight), largest);
    }
    return largest;
}

double share(const cv::Mat& mask) {
    return static_cast<double>(cv::countNonZero(mask)) / static_cast<double>(mask.total());
}

}  // namespace

cv::Mat find_foreground(const cv::Mat& rgb) {
    const auto strip = border_strip(rgb.size());
    cv::Mat mask;
    const double threshold = cv::threshold(difference_from_ground(rgb, strip), mask, 0, 255,
                                           cv::THRESH_BINARY | cv::THRESH_OTSU);
    const double area = share(mask);
    if (threshold < kLeastContrast || area < kLeastArea || area > kMostArea) { return {}; }
    return share(mask & strip) > kMostOfBorder * share(strip) ? cv::Mat() : mask;
}

}  // namespace patchead
