#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "patchead/core/error.hpp"
#include "patchead/core/vectorised.hpp"
#include "patchead/data/preprocess.hpp"

/// \file
/// \brief Pillow's resampler for eight-bit pixels, reproduced bit by bit.
///
/// Source: the algorithm of Pillow's ImagingResample: weights in fixed point with 22 fractional
/// bits, one axis after the other, rounded to bytes between them.

namespace patchead {
namespace {

constexpr int kFractionBits = 22;

struct Kernel {
    double (*weight)(double);
    double support;  ///< Half width in source pixels when the image is not made smaller.
};

/// Keys' cubic convolution with a = -0.5.
double cubic(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1) { return ((a + 2) * x - (a + 3)) * x * x + 1; }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }

Kernel kernel_of(Filter filter) {
    return filter == Filter::bicubic ? Kernel{cubic, 2} : Kernel{triangle, 1};
}

/// The source pixels `[first, first + count)` of one new pixel; their weights begin at `weights`.
struct Window {
    std::size_t first;
    std::size_t count;
    std::size_t weights;
};

/// How all pixels of one axis come about.
struct Axis {
    std::vector<Window> windows;
    std::vector<std::int32_t> weights;

    [[nodiscard]] std::span<const std::int32_t> weights_of(const Window& window) const {
        return std::span(weights).subspan(window.weights, window.count);
    }
};

Axis make_axis(int from, int to, const Kernel& kernel) {
    const double scale = static_cast<double>(from) / to;
    const double filter_scale = std::max(scale, 1.0);  // below 1 nothing is averaged
    const double support = kernel.support * filter_scale;
    const double inverse = 1 / filter_scale;
    Axis axis;
    std::vector<double> exact;
    for (int out = 0; out < to; ++out) {
        const double center = (out + 0.5) * scale;
        // Truncated after adding one half, as Pillow does it; the clamps make up for negatives.
        // NOLINTNEXTLINE(bugprone-incorrect-roundings)
        const int first = std::max(static_cast<int>(center - support + 0.5), 0);
        // NOLINTNEXTLINE(bugprone-incorrect-roundings)
        const int last = std::min(static_cast<int>(center + support + 0.5), from);
        exact.clear();
        double sum = 0;
        for (int in = first; in < last; ++in) {
            exact.push_back(kernel.weight((in - center + 0.5) * inverse));
            sum += exact.back();
        }
        axis.windows.push_back({static_cast<std::size_t>(first),
                                static_cast<std::size_t>(last - first), axis.weights.size()});
        for (const double weight : exact) {
            // Halves go away from zero, as in Pillow.
            const double fixed = weight / sum * (1 << kFractionBits);
            axis.weights.push_back(static_cast<std::int32_t>(fixed + (fixed < 0 ? -0.5 : 0.5)));
        }
    }
    return axis;
}

/// Sums start at one half: the shift then rounds. They fit: 255 times the sum of the weights'
/// magnitudes, at most 1.3 * 2^22, is below 2^31.
constexpr std::int32_t kHalf = 1 << (kFractionBits - 1);

/// New pixels from rows of old ones that follow each other in `rows[weights, stride]`: each byte of
/// `out` from the bytes above each other at its place. `sums` is as long and is overwritten.
PATCHEAD_VECTORISED void sum_rows(const std::uint8_t* rows, std::size_t stride,
                                  std::span<const std::int32_t> weights,
                                  std::span<std::int32_t> sums, std::uint8_t* out) {
    for (auto& sum : sums) { sum = kHalf; }
    for (const auto weight : weights) {
        for (std::size_t i = 0; i < sums.size(); ++i) { sums[i] += weight * rows[i]; }
        rows += stride;
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(std::clamp(sums[i] >> kFractionBits, 0, 255));
    }
}

/// Rows whose pixels are put side by side, column by column, so that their widths are resized at
/// once.
template <std::size_t Channels>
constexpr std::size_t kRowsAtOnce = Channels == 1 ? 32 : 16;

/// `rows[count, cols, Channels]`, at most kRowsAtOnce of them, as `columns[cols, kRowsAtOnce,
/// Channels]`.
template <std::size_t Channels>
void put_side_by_side(const std::uint8_t* rows, std::size_t count, std::size_t cols,
                      std::uint8_t* columns) {
    constexpr auto stride = kRowsAtOnce<Channels> * Channels;
    for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t col = 0; col < cols; ++col, rows += Channels) {
            std::copy_n(rows, Channels, columns + col * stride + row * Channels);
        }
    }
}

/// Resizes the rows of `pixels[rows, from, Channels]`.
template <std::size_t Channels>
std::vector<std::uint8_t> resize_width(std::span<const std::uint8_t> pixels, std::size_t rows,
                                       std::size_t from, const Axis& axis) {
    constexpr auto stride = kRowsAtOnce<Channels> * Channels;
    const auto to = axis.windows.size();
    std::vector<std::uint8_t> result(rows * to * Channels);
    std::vector<std::uint8_t> columns(from * stride);
    std::array<std::int32_t, stride> sums;
    std::array<std::uint8_t, stride> column;
    for (std::size_t first = 0; first < rows; first += kRowsAtOnce<Channels>) {
        const auto count = std::min(kRowsAtOnce<Channels>, rows - first);
        put_side_by_side<Channels>(pixels.data() + first * from * Channels, count, from,
                                   columns.data());
        for (std::size_t col = 0; col < to; ++col) {
            const auto& window = axis.windows[col];
            sum_rows(columns.data() + window.first * stride, stride, axis.weights_of(window), sums,
                     column.data());
            for (std::size_t row = 0; row < count; ++row) {
                std::copy_n(column.data() + row * Channels, Channels,
                            result.data() + ((first + row) * to + col) * Channels);
            }
        }
    }
    return result;
}

/// Resizes the columns of `pixels[*, stride]`, whole rows at a time.
std::vector<std::uint8_t> resize_height(std::span<const std::uint8_t> pixels, std::size_t stride,
                                        const Axis& axis) {
    std::vector<std::uint8_t> result(axis.windows.size() * stride);
    std::vector<std::int32_t> sums(stride);
    auto* out = result.data();
    for (const auto& window : axis.windows) {
        sum_rows(pixels.data() + window.first * stride, stride, axis.weights_of(window), sums, out);
        out += stride;
    }
    return result;
}

struct Size {
    int height, width;
};

template <std::size_t Channels>
std::vector<std::uint8_t> resample(std::span<const std::uint8_t> pixels, Size from, Size to,
                                   Filter filter) {
    PATCHEAD_ASSERT(from.height > 0 && from.width > 0 && to.height > 0 && to.width > 0);
    const auto kernel = kernel_of(filter);
    std::vector<std::uint8_t> narrowed;
    if (to.width != from.width) {
        narrowed = resize_width<Channels>(pixels, static_cast<std::size_t>(from.height),
                                          static_cast<std::size_t>(from.width),
                                          make_axis(from.width, to.width, kernel));
        pixels = narrowed;
    }
    if (to.height == from.height) { return {pixels.begin(), pixels.end()}; }
    return resize_height(pixels, static_cast<std::size_t>(to.width) * Channels,
                         make_axis(from.height, to.height, kernel));
}

/// The plane of an image whose three are alike, as those of most industrial cameras are; none if
/// they differ.
std::optional<std::vector<std::uint8_t>> gray_plane(const Image& image) {
    const auto width = static_cast<std::size_t>(image.width);
    std::vector<std::uint8_t> plane(image.rgb.size() / 3);
    const auto* in = image.rgb.data();
    for (std::size_t at = 0; at < plane.size(); at += width) {
        int differs = 0;
        for (std::size_t i = at; i < at + width; ++i) {
            plane[i] = in[3 * i];
            differs |= (in[3 * i] ^ in[3 * i + 1]) | (in[3 * i] ^ in[3 * i + 2]);
        }
        if (differs != 0) { return std::nullopt; }
    }
    return plane;
}

std::vector<std::uint8_t> three_alike(const std::vector<std::uint8_t>& plane) {
    std::vector<std::uint8_t> rgb(3 * plane.size());
    for (std::size_t i = 0; i < plane.size(); ++i) {
        rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = plane[i];
    }
    return rgb;
}

}  // namespace

Image resize(const Image& image, int height, int width, Filter filter) {
    const Size from{image.height, image.width};
    const Size to{height, width};
    if (const auto plane = gray_plane(image)) {
        return {height, width, three_alike(resample<1>(*plane, from, to, filter))};
    }
    return {height, width, resample<3>(image.rgb, from, to, filter)};
}

std::vector<std::uint8_t> resize_plane(std::span<const std::uint8_t> pixels, int height, int width,
                                       int new_height, int new_width, Filter filter) {
    return resample<1>(pixels, {height, width}, {new_height, new_width}, filter);
}

}  // namespace patchead
