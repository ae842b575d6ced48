#include "foreground.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace patchead {
namespace {

constexpr double kBlur = 1.0 / 224;    ///< Sigma per side: 2 px at 448.
constexpr double kBorder = 1.0 / 32;   ///< Width per side of the strip that shows the ground.
constexpr double kLeastContrast = 10;  ///< Gray levels between ground and object.
constexpr double kLeastArea = 0.002;   ///< Of the image; less is dust.
constexpr double kMostArea = 0.9;
constexpr double kMostOfBorder = 0.35;  ///< Share of the strip that an object may cover.

/// 255 on the strip along the four borders.
cv::Mat border_strip(cv::Size size) {
    const int width = std::max(1, static_cast<int>(kBorder * size.width));
    cv::Mat strip(size, CV_8UC1, cv::Scalar(255));
    strip(cv::Rect(width, width, size.width - 2 * width, size.height - 2 * width)).setTo(0);
    return strip;
}

/// Median gray of the strip.
double ground_gray(const cv::Mat& gray, const cv::Mat& strip) {
    std::vector<std::uint8_t> values;
    for (int row = 0; row < gray.rows; ++row) {
        for (int col = 0; col < gray.cols; ++col) {
            if (strip.at<std::uint8_t>(row, col) != 0) {
                values.push_back(gray.at<std::uint8_t>(row, col));
            }
        }
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double share(const cv::Mat& mask) {
    return static_cast<double>(cv::countNonZero(mask)) / static_cast<double>(mask.total());
}

}  // namespace

cv::Mat find_foreground(const cv::Mat& gray) {
    cv::Mat smooth;
    cv::GaussianBlur(gray, smooth, {}, kBlur * gray.cols);
    const auto strip = border_strip(gray.size());
    cv::Mat difference;
    cv::absdiff(smooth, cv::Scalar(ground_gray(smooth, strip)), difference);
    cv::Mat mask;
    const double threshold =
        cv::threshold(difference, mask, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    const double area = share(mask);
    if (threshold < kLeastContrast || area < kLeastArea || area > kMostArea) { return {}; }
    const double at_border = cv::countNonZero(mask & strip) / double(cv::countNonZero(strip));
    return at_border > kMostOfBorder ? cv::Mat() : mask;
}

}  // namespace patchead
