#include "images/orientation.hpp"

#include <opencv2/core.hpp>

#include "images/image_file.hpp"

namespace patchead::inline data_detail {
int orientation_of(std::string_view bytes, const std::string& name) {
    const auto header = check_image_file(bytes, name);
    return header ? header->orientation : 1;
}

cv::Mat turned_upright(const cv::Mat& pixels, int orientation) {
    cv::Mat turned = pixels;
    if (lies_on_its_side(orientation)) { cv::transpose(pixels, turned); }
    cv::Mat upright;
    switch (orientation) {
        case 2:
        case 6:
            cv::flip(turned, upright, 1);  // Left is right.
            return upright;
        case 3:
        case 7:
            cv::flip(turned, upright, -1);
            return upright;
        case 4:
        case 8:
            cv::flip(turned, upright, 0);  // Above is below.
            return upright;
        default:
            return turned;
    }
}

}  // namespace patchead::inline data_detail
