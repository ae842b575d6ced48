#pragma once

#include <opencv2/core.hpp>

#include "patchead/pictures/heatmap.hpp"

/// \file
/// \brief The pictures that a heat map is made of, in OpenCV's BGR. Private to the pictures layer.

namespace patchead::inline pictures_detail {

/// The image at the size of a panel.
[[nodiscard]] cv::Mat input_panel(const Image& image, cv::Size size);

/// `input` with the outline of the ground truth, drawn around it so that small defects stay
/// visible.
[[nodiscard]] cv::Mat truth_panel(const cv::Mat& input, const Mask& truth);

/// The map in colours, over a grey `input`.
[[nodiscard]] cv::Mat overlay_panel(const cv::Mat& input, const Heatmap& heatmap);

/// The colours from low (left) to high.
[[nodiscard]] cv::Mat colour_bar(cv::Size size);

}  // namespace patchead::inline pictures_detail
