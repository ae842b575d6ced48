#include "view.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "foreground.hpp"
#include "pixels.hpp"

namespace patchead {
namespace {

constexpr int kSmallSide = 112;  ///< Of the acceptance test in docs/method.md.
/// How far from the object the background still belongs to the picture of its outline.
constexpr int kHaloPx = 5;

cv::Mat resized(const cv::Mat& pixels, int side_px) {
    cv::Mat result;
    cv::resize(pixels, result, {side_px, side_px}, 0, 0, cv::INTER_AREA);
    return result;
}

SmallCopy small_copy(const cv::Mat& rgb, const cv::Mat& foreground) {
    SmallCopy small{std::min(rgb.rows, kSmallSide), !foreground.empty(), {}, {}};
    cv::Mat values;
    rgb.convertTo(values, CV_32F);
    values = resized(values, small.side_px).reshape(1, 1);
    small.rgb.assign(values.begin<float>(), values.end<float>());
    small.foreground.assign(small.rgb.size() / 3, 0);
    if (!small.has_object) { return small; }
    cv::Mat mask = resized(foreground, small.side_px) > 127;
    const int width = 2 * kHaloPx + 1;
    cv::dilate(mask, mask, cv::getStructuringElement(cv::MORPH_ELLIPSE, {width, width}));
    std::transform(mask.begin<std::uint8_t>(), mask.end<std::uint8_t>(), small.foreground.begin(),
                   [](std::uint8_t byte) { return static_cast<std::uint8_t>(byte & 1); });
    return small;
}

}  // namespace

View view_of(const Image& image, int side_px) {
    View view;
    const auto rgb = resized(pixels_of(image), side_px);
    cv::cvtColor(rgb, view.gray, cv::COLOR_RGB2GRAY);
    view.foreground = find_foreground(rgb);
    view.small = small_copy(rgb, view.foreground);
    return view;
}

}  // namespace patchead
