#include "patchead/alignment/object.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "foreground.hpp"
#include "pixels.hpp"

namespace patchead {

namespace {

/// What the patches cover of `mask`, which covers the image.
cv::Mat under_patches(const cv::Mat& mask, const InputShape& shape) {
    const auto& [height, width] = shape.resized;
    const auto covered = shape.input();
    if (covered == shape.resized) { return mask; }
    cv::Mat values;
    cv::resize(mask, values, {width, height}, 0, 0, cv::INTER_LINEAR);
    const int below = std::max(0, covered.height - height);
    const int right = std::max(0, covered.width - width);
    cv::copyMakeBorder(values, values, 0, below, 0, right, cv::BORDER_REPLICATE);
    return values(cv::Rect(0, 0, covered.width, covered.height));
}

}  // namespace

std::vector<float> object_shares(const Image& image, const InputShape& shape) {
    constexpr int kSide = 448;  // At which the limits of find_object were found.
    const auto& grid = shape.grid;
    std::vector<float> shares(static_cast<std::size_t>(grid.size()));
    cv::Mat rgb;
    cv::resize(rgb_of(image), rgb, {kSide, kSide}, 0, 0, cv::INTER_AREA);
    const auto mask = find_object(rgb).mask;
    if (mask.empty()) { return shares; }
    cv::Mat of_grid(grid.rows, grid.cols, CV_32F, shares.data());
    cv::Mat values;
    under_patches(mask, shape).convertTo(values, CV_32F, 1.0 / 255);
    cv::resize(values, of_grid, of_grid.size(), 0, 0, cv::INTER_AREA);
    return shares;
}

}  // namespace patchead
