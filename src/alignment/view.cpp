#include "view.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "foreground.hpp"
#include "pixels.hpp"

namespace patchead {
namespace {

constexpr int kSmallSide = 112;  // Spec of the acceptance test: docs/method.md.
/// How far from the object the background still belongs to the picture of its outline.
constexpr int kHaloPx = 2;

cv::Mat resized(const cv::Mat& pixels, int side_px) {
    cv::Mat result;
    cv::resize(pixels, result, {side_px, side_px}, 0, 0, cv::INTER_AREA);
    return result;
}

SmallCopy small_copy(const cv::Mat& gray, const cv::Mat& foreground) {
    SmallCopy small{std::min(gray.rows, kSmallSide), {}, {}};
    cv::Mat values;
    gray.convertTo(values, CV_32F);
    values = resized(values, small.side_px);
    small.gray.assign(values.begin<float>(), values.end<float>());
    small.foreground.assign(small.gray.size(), 0);
    if (foreground.empty()) { return small; }
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
    cv::cvtColor(pixels_of(image), view.gray, cv::COLOR_RGB2GRAY);
    view.gray = resized(view.gray, side_px);
    view.foreground = find_foreground(view.gray);
    view.small = small_copy(view.gray, view.foreground);
    return view;
}

}  // namespace patchead
