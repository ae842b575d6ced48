#include "parts/binary_map.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace patchead::inline detectors_detail {
namespace {

constexpr int kOn = 255;

/// A copy.
at::Tensor bytes_of(const cv::Mat& mat) {
    const auto whole = mat.clone();
    return at::from_blob(whole.data, {whole.rows, whole.cols}, at::kByte).clone();
}

/// A view of `bytes[h, w]`, which must be contiguous and outlive it.
cv::Mat mat_of(const at::Tensor& bytes) {
    return {static_cast<int>(bytes.size(0)), static_cast<int>(bytes.size(1)), CV_8UC1,
            bytes.data_ptr<std::uint8_t>()};
}

at::Tensor above(const at::Tensor& map, double threshold) {
    return (map > threshold).to(at::kByte).mul_(kOn).contiguous();
}

/// Rounds halves to even, as Python does.
int rounded(double value) { return static_cast<int>(std::nearbyint(value)); }

cv::Mat line_kernel(int radius, double degrees) {
    cv::Mat kernel = cv::Mat::zeros(2 * radius + 1, 2 * radius + 1, CV_8UC1);
    const double angle = degrees * (std::numbers::pi / 180);
    const double x = radius * std::cos(angle);
    const double y = radius * std::sin(angle);
    cv::line(kernel, {rounded(radius - x), rounded(radius - y)},
             {rounded(radius + x), rounded(radius + y)}, cv::Scalar(1), /*thickness=*/2);
    return kernel;
}

std::vector<cv::Mat> all_lines(const BinaryRule& rule) {
    std::vector<cv::Mat> lines;
    for (int i = 0; i < rule.closing_angles; ++i) {
        lines.push_back(line_kernel(rule.closing_radius, 180.0 * i / rule.closing_angles));
    }
    return lines;
}

cv::Mat widened(const cv::Mat& line) {
    cv::Mat wide;
    cv::dilate(line, wide, cv::Mat::ones(2, 2, CV_8UC1));
    return wide;
}

at::Tensor stacked(const std::vector<cv::Mat>& mats) {
    std::vector<at::Tensor> all;
    all.reserve(mats.size());
    for (const auto& mat : mats) { all.push_back(bytes_of(mat)); }
    return at::stack(all);
}

/// The maximum over all lines of `mask` closed along each.
cv::Mat closed_along_lines(const cv::Mat& mask, const BinaryRule& rule) {
    const int margin = rule.closing_radius + 1;
    cv::Mat padded;
    cv::copyMakeBorder(mask, padded, margin, margin, margin, margin, cv::BORDER_CONSTANT,
                       cv::Scalar(0));
    cv::Mat result = padded.clone();
    for (const auto& line : all_lines(rule)) {
        cv::Mat closed;
        cv::dilate(padded, closed, widened(line));
        cv::erode(closed, closed, line);
        cv::max(result, closed, result);
    }
    return result({margin, margin, mask.cols, mask.rows}).clone();
}

/// All that the outside does not reach from pixel to pixel, in four directions.
cv::Mat without_holes(const cv::Mat& mask) {
    constexpr int outside = 128;
    cv::Mat padded;
    cv::copyMakeBorder(mask, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
    cv::floodFill(padded, {0, 0}, cv::Scalar(outside), nullptr, {}, {}, 4);
    const cv::Mat filled = padded != outside;
    return filled({1, 1, mask.cols, mask.rows}).clone();
}

cv::Mat ellipse(int radius) {
    return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
}

}  // namespace

double percentile(const at::Tensor& values, double percent) {
    const auto sorted = std::get<0>(values.flatten().to(at::kDouble).sort()).contiguous();
    const auto* const all = sorted.data_ptr<double>();
    const auto last = sorted.numel() - 1;
    const double place = percent / 100 * static_cast<double>(last);
    const auto low = std::min(static_cast<std::int64_t>(place), last);
    return std::lerp(all[low], all[std::min(low + 1, last)], place - static_cast<double>(low));
}

double normal_threshold(const at::Tensor& maps, double percent, double factor) {
    return percentile(maps, percent) * factor;
}

at::Tensor line_kernels(const BinaryRule& rule) { return stacked(all_lines(rule)); }

at::Tensor dilated_kernels(const BinaryRule& rule) {
    auto lines = all_lines(rule);
    std::ranges::transform(lines, lines.begin(), widened);
    return stacked(lines);
}

at::Tensor erosion_kernel(const BinaryRule& rule) { return bytes_of(ellipse(rule.binary_erosion)); }

BinaryMaps binary_maps(const at::Tensor& map, double threshold, const BinaryRule& rule) {
    BinaryMaps maps;
    maps.thresholded = above(map, threshold);
    const auto lower = above(map, threshold * rule.closing_lower_threshold);
    maps.closed = bytes_of(closed_along_lines(mat_of(maps.thresholded), rule));
    maps.closed.bitwise_and_(lower);
    const auto filled = without_holes(mat_of(maps.closed));
    maps.filled = bytes_of(filled);
    cv::Mat eroded;
    cv::erode(filled, eroded, ellipse(rule.binary_erosion));
    maps.binary = bytes_of(eroded);
    return maps;
}

}  // namespace patchead::inline detectors_detail
