#pragma once

#include <filesystem>
#include <string>

#include <opencv2/core.hpp>

/// \file
/// \brief Paper and ink of the pictures that people look at. Private to the pictures layer.

namespace patchead::inline pictures_detail {

/// Height that a line of text needs, in pixels.
inline constexpr int kTextLine = 17;

/// An empty white picture.
[[nodiscard]] cv::Mat blank_picture(cv::Size size);

void write_text(cv::Mat& picture, const std::string& text, cv::Point left_baseline);
[[nodiscard]] int text_width(const std::string& text);

/// As a PNG file, whole or not at all. Throws CacheError.
void write_picture(const std::filesystem::path& path, const cv::Mat& picture);

}  // namespace patchead::inline pictures_detail
