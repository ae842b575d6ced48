#include "pixels.hpp"

namespace patchead::inline alignment_detail {

cv::Mat rgb_of(const Image& image) {
    // OpenCV has no matrix of constant pixels; nobody writes to this one.
    return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data())};
}

cv::Matx23d in_pixels(const Transform& transform, cv::Size size) {
    const auto& m = transform.m;
    const double w = size.width;
    const double h = size.height;
    // Pixel p is the point (p + 0.5) / w of the frame.
    const double xy = m[1] * w / h;
    const double yx = m[3] * h / w;
    return {m[0], xy, m[2] * w + 0.5 * (m[0] + xy - 1), yx, m[4], m[5] * h + 0.5 * (m[4] + yx - 1)};
}

}  // namespace patchead::inline alignment_detail
