#include "patchead/data/thumbnail.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "images/pixels.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// `pixels` with a longer side of at most `side_px`.
cv::Mat shrunk(const cv::Mat& pixels, int side_px) {
    const int longer = std::max(pixels.rows, pixels.cols);
    if (longer <= side_px) { return pixels; }
    const auto scaled = [&](int side) {
        return std::max(1, cvRound(static_cast<double>(side) * side_px / longer));
    };
    cv::Mat small;
    cv::resize(pixels, small, {scaled(pixels.cols), scaled(pixels.rows)}, 0, 0, cv::INTER_AREA);
    return small;
}

std::string encoded(const char* format, const cv::Mat& pixels, const std::vector<int>& options) {
    std::vector<std::uint8_t> bytes;
    require<DataError>(cv::imencode(format, pixels, bytes, options), "cannot make a thumbnail (",
                       "this OpenCV writes no ", format, "); see patchead doctor");
    return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string jpeg_thumbnail(const Image& image, int side_px) {
    constexpr int kQuality = 80;  // Artefacts are invisible at this size; higher ones cost bytes.
    cv::Mat bgr;
    cv::cvtColor(shrunk(pixels_of(image), side_px), bgr, cv::COLOR_RGB2BGR);
    return encoded(".jpg", bgr, {cv::IMWRITE_JPEG_QUALITY, kQuality});
}

std::string png_thumbnail(const Mask& mask, int side_px) {
    cv::Mat share;
    pixels_of(mask).convertTo(share, CV_32F);
    return encoded(".png", shrunk(share, side_px) > 0, {cv::IMWRITE_PNG_COMPRESSION, 9});
}

}  // namespace patchead
