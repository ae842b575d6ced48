/// \file
/// \brief Turns of an image, in whole numbers. What OpenCV's warpAffine makes of bytes depends on
/// its version: up to 4.10 it rounds places to 1/32 px and weights to 1/1024, later ones do not.
/// AnomalyDINO's copies were made with the former, so that rule stands here.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "patchead/alignment/warp.hpp"

namespace patchead {
namespace {

constexpr int kPlaceBits = 10;  ///< Of a place, a fraction of a pixel in whole numbers.
constexpr int kStepBits = 5;    ///< Of them, those that weights are made of.
constexpr int kSteps = 1 << kStepBits;

/// From target to source, px: `x' = m[0] x + m[1] y + m[2]`, `y' = m[3] x + m[4] y + m[5]`.
std::array<double, 6> source_of_target(const std::array<double, 6>& m) {
    const double scale = 1 / (m[0] * m[4] - m[1] * m[3]);
    const double a = m[4] * scale;
    const double b = m[1] * -scale;
    const double c = m[3] * -scale;
    const double d = m[0] * scale;
    return {a, b, -a * m[2] - b * m[5], c, d, -c * m[2] - d * m[5]};
}

std::int64_t in_place_units(double value) {
    return std::llrint(value * static_cast<double>(1 << kPlaceBits));
}

/// The pixel of 0..n-1 that stands for `i` in a picture mirrored at its outermost pixels.
std::int64_t mirrored(std::int64_t i, std::int64_t n) {
    if (0 <= i && i < n) { return i; }
    if (n == 1) { return 0; }
    const auto period = 2 * n - 2;
    const auto inside = (i % period + period) % period;
    return inside < n ? inside : period - inside;
}

/// The two pixels along an axis that a value is made of, and the weight of the second.
struct Pair {
    std::int64_t first;
    std::int64_t second;
    int weight;  ///< Of `kSteps`.
};

Pair pair_at(std::int64_t place, std::int64_t n) {
    const auto steps = place >> (kPlaceBits - kStepBits);
    const auto pixel = steps >> kStepBits;
    return {mirrored(pixel, n), mirrored(pixel + 1, n), static_cast<int>(steps & (kSteps - 1))};
}

/// Adds the three bytes of a pixel to `rgb`.
void append_pixel(const Image& image, const Pair& row, const Pair& col,
                  std::vector<std::uint8_t>& rgb) {
    const auto at = [&](std::int64_t y, std::int64_t x) {
        return image.rgb.data() + 3 * (y * image.width + x);
    };
    const auto* const above_left = at(row.first, col.first);
    const auto* const above_right = at(row.first, col.second);
    const auto* const below_left = at(row.second, col.first);
    const auto* const below_right = at(row.second, col.second);
    for (int channel = 0; channel < 3; ++channel) {
        const int above =
            (kSteps - col.weight) * above_left[channel] + col.weight * above_right[channel];
        const int below =
            (kSteps - col.weight) * below_left[channel] + col.weight * below_right[channel];
        const int sum = (kSteps - row.weight) * above + row.weight * below;
        rgb.push_back(static_cast<std::uint8_t>((sum + kSteps * kSteps / 2) / (kSteps * kSteps)));
    }
}

}  // namespace

std::array<double, 6> turn_matrix(MapSize size, double degrees) {
    const double angle = degrees * (std::numbers::pi / 180);
    const double a = std::cos(angle);
    const double b = std::sin(angle);
    const double x = size.width / 2.0;
    const double y = size.height / 2.0;
    return {a, b, (1 - a) * x - b * y, -b, a, b * x + (1 - a) * y};
}

Image turned(const Image& image, double degrees) {
    const auto m = source_of_target(turn_matrix({image.height, image.width}, degrees));
    Image result{image.height, image.width, {}};
    result.rgb.reserve(image.rgb.size());
    constexpr std::int64_t half_a_step = 1 << (kPlaceBits - kStepBits - 1);
    for (int row = 0; row < image.height; ++row) {
        const auto x = in_place_units(m[1] * row + m[2]) + half_a_step;
        const auto y = in_place_units(m[4] * row + m[5]) + half_a_step;
        for (int col = 0; col < image.width; ++col) {
            append_pixel(image, pair_at(y + in_place_units(m[3] * col), image.height),
                         pair_at(x + in_place_units(m[0] * col), image.width), result.rgb);
        }
    }
    return result;
}

}  // namespace patchead
