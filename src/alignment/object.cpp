#include "patchead/alignment/object.hpp"

#include <opencv2/imgproc.hpp>

#include "foreground.hpp"
#include "pixels.hpp"

namespace patchead {

std::vector<float> object_shares(const Image& image, Grid grid) {
    constexpr int kSide = 448;  // At which the limits of find_object were found.
    std::vector<float> shares(static_cast<std::size_t>(grid.size()));
    cv::Mat rgb;
    cv::resize(rgb_of(image), rgb, {kSide, kSide}, 0, 0, cv::INTER_AREA);
    const auto mask = find_object(rgb).mask;
    if (mask.empty()) { return shares; }
    cv::Mat of_grid(grid.rows, grid.cols, CV_32F, shares.data());
    cv::Mat values;
    mask.convertTo(values, CV_32F, 1.0 / 255);
    cv::resize(values, of_grid, of_grid.size(), 0, 0, cv::INTER_AREA);
    return shares;
}

}  // namespace patchead
