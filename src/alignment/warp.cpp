#include "patchead/alignment/warp.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <opencv2/imgproc.hpp>

#include "frame.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/turns.hpp"
#include "pixels.hpp"

namespace patchead {
namespace {

constexpr double kSingular = 1e-12;
/// What rounding may take from the area of a patch of which exactly half is covered.
constexpr double kAreaSlack = 1e-9;

int opencv_border(AlignBorder border) {
    switch (border) {
        case AlignBorder::replicate:
            return cv::BORDER_REPLICATE;
        case AlignBorder::constant:
            return cv::BORDER_CONSTANT;
        case AlignBorder::reflect:
        case AlignBorder::drop:
            return cv::BORDER_REFLECT_101;
    }
    throw std::logic_error("a border has no OpenCV name");
}

/// A square map of numbers. Shape: `values[side, side]`.
struct Map {
    std::span<const float> values;
    MapSize size;

    [[nodiscard]] double at(int row, int col) const {
        return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(size.width) +
                      static_cast<std::size_t>(col)];
    }
    /// Bilinear between pixel centres; beyond the outermost centres, as at these.
    [[nodiscard]] double at(Point point) const {
        const double x = std::clamp(point.x * size.width - 0.5, 0.0, size.width - 1.0);
        const double y = std::clamp(point.y * size.height - 0.5, 0.0, size.height - 1.0);
        const int col = static_cast<int>(x);
        const int row = static_cast<int>(y);
        const int right = std::min(col + 1, size.width - 1);
        const int below = std::min(row + 1, size.height - 1);
        return std::lerp(std::lerp(at(row, col), at(row, right), x - col),
                         std::lerp(at(below, col), at(below, right), x - col), y - row);
    }
};

}  // namespace

Image warp(const Image& image, const Transform& transform, AlignBorder border) {
    if (transform == Transform{}) { return image; }
    Image result{image.height, image.width, std::vector<std::uint8_t>(image.rgb.size())};
    const auto from = rgb_of(image);
    auto to = rgb_of(result);
    cv::warpAffine(from, to, in_pixels(inverse(transform), from.size()), from.size(),
                   cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, opencv_border(border));
    return result;
}

Image rotate_180(const Image& image) {
    auto result = image;
    std::ranges::reverse(result.rgb);
    for (std::size_t i = 0; i + 2 < result.rgb.size(); i += 3) {
        std::swap(result.rgb[i], result.rgb[i + 2]);
    }
    return result;
}

Image fixed_version(const Image& image, Version version) {
    if (!is_fixed(version)) { throw std::logic_error("a version that needs more than its image"); }
    if (version != Version::flipped_across && version != Version::flipped_down) {
        return turned(image, degrees_of(version));
    }
    Image result{image.height, image.width, std::vector<std::uint8_t>(image.rgb.size())};
    auto to = rgb_of(result);
    cv::flip(rgb_of(image), to, version == Version::flipped_across ? 1 : 0);
    return result;
}

Transform then_rotated_180(const Transform& transform) {
    const auto& m = transform.m;
    return {{-m[0], -m[1], 1 - m[2], -m[3], -m[4], 1 - m[5]}};
}

Transform inverse(const Transform& transform) {
    const auto& m = transform.m;
    const double det = m[0] * m[4] - m[1] * m[3];
    if (!(std::abs(det) > kSingular)) {
        throw std::logic_error("a transform without an inverse (it flattens the image)");
    }
    const double a = m[4] / det;
    const double b = -m[1] / det;
    const double c = -m[3] / det;
    const double d = m[0] / det;
    return {{a, b, -(a * m[2] + b * m[5]), c, d, -(c * m[2] + d * m[5])}};
}

std::vector<std::uint8_t> valid_patches(const Transform& transform, Grid grid) {
    std::vector<std::uint8_t> valid;
    valid.reserve(static_cast<std::size_t>(grid.size()));
    const double height = 1.0 / grid.rows;
    const double width = 1.0 / grid.cols;
    for (int row = 0; row < grid.rows; ++row) {
        for (int col = 0; col < grid.cols; ++col) {
            const Part patch{col * width, row * height, (col + 1) * width, (row + 1) * height};
            const double share = covered_area(transform, patch) / (width * height);
            valid.push_back(share >= 0.5 - kAreaSlack ? 1 : 0);
        }
    }
    return valid;
}

void add_warped_back(std::span<const float> map, const Transform& transform, MapSize size,
                     std::span<float> sum, std::span<float> count) {
    PATCHEAD_ASSERT(map.size() == sum.size() && map.size() == count.size());
    PATCHEAD_ASSERT(map.size() == size.area());
    const Map warped{map, size};
    const auto width = static_cast<std::size_t>(size.width);
    for (std::size_t pixel = 0; pixel < map.size(); ++pixel) {
        const std::size_t row = pixel / width;
        const Point centre{(static_cast<double>(pixel - row * width) + 0.5) / size.width,
                           (static_cast<double>(row) + 0.5) / size.height};
        const auto place = moved(transform, centre);
        if (!in_frame(place)) { continue; }
        sum[pixel] += static_cast<float>(warped.at(place));
        count[pixel] += 1;
    }
}

}  // namespace patchead
