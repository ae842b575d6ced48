#include "patchead/report/heatmap.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

constexpr int kPanelHeight = 320;
constexpr int kGap = 6;
constexpr int kFooter = 46;
const cv::Scalar kPaper(255, 255, 255);
const cv::Scalar kInk(40, 40, 40);
const cv::Scalar kOutline(60, 230, 60);  // Green stands out on industrial images and on turbo.

cv::Mat as_bgr(const Image& image) {
    // OpenCV has no matrices of constants; cvtColor copies.
    const cv::Mat rgb(image.height, image.width, CV_8UC3,
                      const_cast<std::uint8_t*>(image.rgb.data()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    return bgr;
}

cv::Mat panel(const cv::Mat& image, cv::Size size) {
    cv::Mat resized;
    cv::resize(image, resized, size, 0, 0,
               size.height < image.rows ? cv::INTER_AREA : cv::INTER_LINEAR);
    return resized;
}

/// The map in colours at the panel's size: `low` and below blue, `high` and above red.
cv::Mat colours(const Heatmap& heatmap, cv::Size size) {
    const cv::Mat map(heatmap.side_px, heatmap.side_px, CV_32F,
                      const_cast<float*>(heatmap.map.data()));
    cv::Mat wide;
    cv::resize(map, wide, size, 0, 0, cv::INTER_LINEAR);
    const double range = std::max(1e-12, double{heatmap.high} - heatmap.low);
    cv::Mat bytes;
    wide.convertTo(bytes, CV_8U, 255 / range, -255 * heatmap.low / range);
    cv::Mat result;
    cv::applyColorMap(bytes, result, cv::COLORMAP_TURBO);
    return result;
}

void draw_outline(cv::Mat& picture, const Mask& truth) {
    const cv::Mat mask(truth.height, truth.width, CV_8U,
                       const_cast<std::uint8_t*>(truth.anomalous.data()));
    cv::Mat resized;
    cv::resize(mask, resized, picture.size(), 0, 0, cv::INTER_NEAREST);
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(resized, contours, cv::RETR_LIST, cv::CHAIN_APPROX_NONE);
    cv::drawContours(picture, contours, -1, kOutline, 2, cv::LINE_AA);
}

void write_text(cv::Mat& picture, const std::string& text, cv::Point place, double scale = 0.42) {
    cv::putText(picture, text, place, cv::FONT_HERSHEY_SIMPLEX, scale, kInk, 1, cv::LINE_AA);
}

/// A strip of the colour scale with its two ends labelled.
void draw_scale(cv::Mat& picture, const Heatmap& heatmap, const cv::Rect& place) {
    cv::Mat ramp(1, 256, CV_8U);
    for (int i = 0; i < 256; ++i) { ramp.at<std::uint8_t>(0, i) = static_cast<std::uint8_t>(i); }
    cv::Mat coloured;
    cv::applyColorMap(ramp, coloured, cv::COLORMAP_TURBO);
    cv::resize(coloured, coloured, place.size(), 0, 0, cv::INTER_LINEAR);
    coloured.copyTo(picture(place));
    const int below = place.y + place.height + 14;
    write_text(picture, fmt::format("{:.3f}", heatmap.low), {place.x, below}, 0.36);
    write_text(picture, fmt::format("{:.3f}", heatmap.high), {place.x + place.width - 34, below},
               0.36);
}

cv::Mat compose(const Heatmap& heatmap) {
    const auto input_full = as_bgr(heatmap.image);
    const int width = std::clamp(kPanelHeight * heatmap.image.width / heatmap.image.height,
                                 kPanelHeight / 4, kPanelHeight * 4);
    const cv::Size size(width, kPanelHeight);
    const auto input = panel(input_full, size);
    auto truth = input.clone();
    draw_outline(truth, heatmap.truth);
    cv::Mat overlay;
    cv::addWeighted(input, 0.45, colours(heatmap, size), 0.55, 0, overlay);

    cv::Mat picture(kPanelHeight + kFooter, 3 * width + 2 * kGap, CV_8UC3, kPaper);
    const std::array panels{input, truth, overlay};
    for (int i = 0; i < 3; ++i) {
        panels.at(static_cast<std::size_t>(i))
            .copyTo(picture(cv::Rect({i * (width + kGap), 0}, size)));
    }
    write_text(picture, "input | ground truth | anomaly map", {4, kPanelHeight + 18});
    write_text(picture, heatmap.caption, {4, kPanelHeight + 38});
    const int right = 2 * (width + kGap);
    draw_scale(picture, heatmap, {right + width / 3, kPanelHeight + 8, width * 2 / 3, 10});
    return picture;
}

}  // namespace

Image render(const Heatmap& heatmap) {
    PATCHEAD_ASSERT(heatmap.map.size() == static_cast<std::size_t>(heatmap.side_px) *
                                              static_cast<std::size_t>(heatmap.side_px));
    cv::Mat rgb;
    cv::cvtColor(compose(heatmap), rgb, cv::COLOR_BGR2RGB);
    return {rgb.rows, rgb.cols, {rgb.datastart, rgb.dataend}};
}

void write_heatmap(const std::filesystem::path& path, const Heatmap& heatmap) {
    std::vector<unsigned char> png;
    require<CacheError>(cv::imencode(".png", compose(heatmap), png), "cannot encode '",
                        path.string(), "' (OpenCV without PNG support?); see patchead doctor");
    write_whole(path, std::string_view(reinterpret_cast<const char*>(png.data()), png.size()));
}

}  // namespace patchead
