#include "view.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "foreground.hpp"
#include "pixels.hpp"

namespace patchead::inline alignment_detail {
namespace {

constexpr int kSmallSide = 224;  ///< Of the acceptance test in docs/method.md.
/// How far from the object the background still belongs to the picture of its outline.
constexpr int kHaloPx = 10;
/// Sigma of the edge of a silhouette: a correlation of sharp ones would hardly tell a step of a
/// fraction of a pixel.
constexpr double kEdgePx = 1;

cv::Mat resized(const cv::Mat& pixels, int side_px) {
    cv::Mat result;
    cv::resize(pixels, result, {side_px, side_px}, 0, 0, cv::INTER_AREA);
    return result;
}

cv::Mat small_values(const cv::Mat& pixels, int side_px) {
    cv::Mat values;
    pixels.convertTo(values, CV_32F);
    return resized(values, side_px);
}

/// 1 on the object and close by.
std::vector<std::uint8_t> surroundings(const cv::Mat& object, int side_px) {
    cv::Mat mask = resized(object, side_px) > 127;
    const int width = 2 * kHaloPx + 1;
    cv::dilate(mask, mask, cv::getStructuringElement(cv::MORPH_ELLIPSE, {width, width}));
    mask.setTo(1, mask);
    mask = mask.reshape(1, 1);
    return {mask.begin<std::uint8_t>(), mask.end<std::uint8_t>()};
}

SmallCopy small_copy(const cv::Mat& rgb, const Object& object) {
    SmallCopy small;
    small.side_px = std::min(rgb.rows, kSmallSide);
    small.has_object = !object.mask.empty();
    small.has_silhouette = object.is_silhouette;
    const cv::Mat colours = small_values(rgb, small.side_px);
    small.near_object.assign(colours.total(), 0);
    if (small.has_object) { small.near_object = surroundings(object.mask, small.side_px); }
    cv::Mat silhouette(colours.size(), CV_32FC1, cv::Scalar(0));
    if (small.has_silhouette) {
        cv::Mat soft;
        cv::GaussianBlur(object.mask, soft, {}, kEdgePx * rgb.cols / small.side_px);
        silhouette = small_values(soft, small.side_px);
    }
    cv::Mat pixels;
    cv::merge(std::vector<cv::Mat>{colours, silhouette}, pixels);
    pixels = pixels.reshape(1, 1);
    small.pixels.assign(pixels.begin<float>(), pixels.end<float>());
    return small;
}

}  // namespace

View view_of(const Image& image, int side_px) {
    View view;
    const auto rgb = resized(rgb_of(image), side_px);
    cv::cvtColor(rgb, view.gray, cv::COLOR_RGB2GRAY);
    const auto object = find_object(rgb);
    view.object = object.mask;
    view.small = small_copy(rgb, object);
    return view;
}

}  // namespace patchead::inline alignment_detail
