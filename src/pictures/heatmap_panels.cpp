#include "heatmap_panels.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace patchead::inline pictures_detail {
namespace {

// Its lightness grows with the value, so that noise near the cold end stays quiet, and it is
// readable without colour vision.
constexpr int kColourMap = cv::COLORMAP_INFERNO;
constexpr double kColdWeight = 0.4;  ///< Of the coldest colour over the grey input.
constexpr double kHotWeight = 0.9;   ///< Of the hottest.
const cv::Scalar kOutline(80, 255, 60);
const cv::Scalar kHalo(0, 0, 0);

/// A matrix over `data`, which is only read; OpenCV has no matrices of constants.
template <class T>
cv::Mat view(int rows, int cols, int type, const std::vector<T>& data) {
    return {rows, cols, type, const_cast<T*>(data.data())};
}

/// Smooth when it grows, averaged when it shrinks.
cv::Mat resized(const cv::Mat& image, cv::Size size) {
    cv::Mat result;
    cv::resize(image, result, size, 0, 0,
               size.height < image.rows ? cv::INTER_AREA : cv::INTER_LINEAR);
    return result;
}

/// 255 wherever any part of the pixel is anomalous, so that no defect vanishes.
cv::Mat resized_mask(const Mask& truth, cv::Size size) {
    const auto mask = view(truth.height, truth.width, CV_8U, truth.anomalous);
    cv::Mat share;
    mask.convertTo(share, CV_32F);
    cv::resize(share, share, size, 0, 0,
               size.height < mask.rows ? cv::INTER_AREA : cv::INTER_NEAREST);
    return share > 0;
}

/// The map at the size of a panel, 0 at `low` and below, 1 at `high` and above.
cv::Mat heat_at(cv::Size size, const Heatmap& heatmap) {
    const double range = double{heatmap.high} - heatmap.low;
    if (!(range > 0)) { return cv::Mat::zeros(size, CV_32F); }
    cv::Mat heat;
    resized(view(heatmap.size.height, heatmap.size.width, CV_32F, heatmap.map), size)
        .convertTo(heat, CV_32F, 1 / range, -heatmap.low / range);
    return cv::max(cv::min(heat, 1), 0);
}

}  // namespace

cv::Mat input_panel(const Image& image, cv::Size size) {
    cv::Mat bgr;
    cv::cvtColor(view(image.height, image.width, CV_8UC3, image.rgb), bgr, cv::COLOR_RGB2BGR);
    return resized(bgr, size);
}

cv::Mat truth_panel(const cv::Mat& input, const Mask& truth) {
    auto mask = resized_mask(truth, input.size());
    cv::dilate(mask, mask, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(mask, contours, cv::RETR_LIST, cv::CHAIN_APPROX_NONE);
    auto panel = input.clone();
    cv::drawContours(panel, contours, -1, kHalo, 3, cv::LINE_AA);
    cv::drawContours(panel, contours, -1, kOutline, 1, cv::LINE_AA);
    return panel;
}

cv::Mat overlay_panel(const cv::Mat& input, const Heatmap& heatmap) {
    const auto heat = heat_at(input.size(), heatmap);
    cv::Mat bytes, colours, grey, overlay;
    heat.convertTo(bytes, CV_8U, 255);
    cv::applyColorMap(bytes, colours, kColourMap);
    cv::cvtColor(input, grey, cv::COLOR_BGR2GRAY);
    cv::cvtColor(grey, grey, cv::COLOR_GRAY2BGR);
    const cv::Mat weight = kColdWeight + (kHotWeight - kColdWeight) * heat;
    cv::blendLinear(colours, grey, weight, 1 - weight, overlay);
    return overlay;
}

cv::Mat colour_bar(cv::Size size) {
    cv::Mat bytes(size, CV_8U);
    for (int x = 0; x < size.width; ++x) {
        const int value = 255 * x / std::max(1, size.width - 1);
        bytes.col(x).setTo(value);
    }
    cv::Mat bar;
    cv::applyColorMap(bytes, bar, kColourMap);
    return bar;
}

}  // namespace patchead::inline pictures_detail
