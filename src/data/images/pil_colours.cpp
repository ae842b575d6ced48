#include "images/pil_colours.hpp"

#include <algorithm>
#include <cstdint>

namespace patchead::inline data_detail {
namespace {

/// `rule(value, fourth)` for each of the first three channels of each pixel.
template <class Rule>
cv::Mat each_with_fourth(const cv::Mat& four, Rule rule) {
    cv::Mat three(four.rows, four.cols, CV_8UC3);
    for (int y = 0; y < four.rows; ++y) {
        const auto* from = four.ptr(y);
        auto* to = three.ptr(y);
        for (int x = 0; x < four.cols; ++x, from += 4, to += 3) {
            for (int channel = 0; channel < 3; ++channel) {
                to[channel] = static_cast<std::uint8_t>(rule(from[channel], from[3]));
            }
        }
    }
    return three;
}

/// a b / 255, rounded: PIL's MULDIV255.
int product(int a, int b) {
    const int x = a * b + 128;
    return ((x >> 8) + x) >> 8;
}

}  // namespace

cv::Mat rgb_of_cmyk(const cv::Mat& inks) {
    return each_with_fourth(inks, [](int ink, int black) {
        return std::max(255 - black - product(ink, 255 - black), 0);
    });
}

cv::Mat rgb_of_multiplied(const cv::Mat& rgba) {
    return each_with_fourth(rgba, [](int colour, int alpha) {
        return alpha == 0 ? 0 : std::min(colour * 255 / alpha, 255);
    });
}

cv::Mat rgb_of_first_three(const cv::Mat& rgba) {
    return each_with_fourth(rgba, [](int colour, int) { return colour; });
}

void widen_short_bits(cv::Mat& rgb, int green_bits) {
    for (int y = 0; y < rgb.rows; ++y) {
        auto* row = rgb.ptr(y);
        for (int i = 0; i < 3 * rgb.cols; ++i) {
            const int bits = i % 3 == 1 ? green_bits : 5;
            row[i] = static_cast<std::uint8_t>((row[i] >> (8 - bits)) * 255 / ((1 << bits) - 1));
        }
    }
}

}  // namespace patchead::inline data_detail
