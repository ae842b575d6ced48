/// \file
/// \brief The resampler of PIL against one that takes each pixel by itself.

#include <algorithm>
#include <cmath>

#include "fuzz.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead::fuzz {
namespace {

double kernel_weight(Filter filter, double x) {
    x = std::abs(x);
    if (filter == Filter::bilinear) { return x < 1 ? 1 - x : 0; }
    constexpr double a = -0.5;
    if (x < 1) { return ((a + 2) * x - (a + 3)) * x * x + 1; }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/// One new pixel of a line of `from` old ones; `old(i)` gives these.
template <class Old>
std::uint8_t slow_pixel(Filter filter, int from, int to, int out, const Old& old) {
    const double scale = static_cast<double>(from) / to;
    const double wide = std::max(scale, 1.0);
    const double support = (filter == Filter::bicubic ? 2.0 : 1.0) * wide;
    const double inverse = 1 / wide;
    const double centre = (out + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int last = std::min(static_cast<int>(centre + support + 0.5), from);
    double all = 0;
    for (int i = first; i < last; ++i) {
        all += kernel_weight(filter, (i - centre + 0.5) * inverse);
    }
    std::int64_t sum = std::int64_t{1} << 21U;
    for (int i = first; i < last; ++i) {
        const double share = kernel_weight(filter, (i - centre + 0.5) * inverse) / all * (1 << 22);
        sum += static_cast<std::int64_t>(share + (share < 0 ? -0.5 : 0.5)) * old(i);
    }
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> 22, 0, 255));
}

using Plane = std::vector<std::uint8_t>;

Plane slow_resized(const Plane& pixels, MapSize from, MapSize to, Filter filter) {
    const auto at = [](int row, int col, int width) {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(col);
    };
    Plane narrowed;
    for (int row = 0; row < from.height; ++row) {
        for (int col = 0; col < to.width; ++col) {
            const auto old = [&](int i) { return pixels[at(row, i, from.width)]; };
            narrowed.push_back(to.width == from.width
                                   ? old(col)
                                   : slow_pixel(filter, from.width, to.width, col, old));
        }
    }
    Plane result;
    for (int row = 0; row < to.height; ++row) {
        for (int col = 0; col < to.width; ++col) {
            const auto old = [&](int i) { return narrowed[at(i, col, to.width)]; };
            result.push_back(to.height == from.height
                                 ? old(row)
                                 : slow_pixel(filter, from.height, to.height, row, old));
        }
    }
    return result;
}

/// One channel of an image.
Plane channel_of(const Image& image, std::size_t channel) {
    Plane plane;
    for (auto i = channel; i < image.rgb.size(); i += 3) { plane.push_back(image.rgb[i]); }
    return plane;
}

}  // namespace

/// Every pixel of every channel is what a resampler gives that takes it by itself. Sizes, filter
/// and pixels are drawn; where the input ends, pixels repeat.
void fuzz_resize(std::string_view input) {
    Draw draw(input);
    constexpr int most = 47;
    const MapSize from{draw.up_to(most) + 1, draw.up_to(most) + 1};
    const MapSize to{draw.up_to(most) + 1, draw.up_to(most) + 1};
    const auto filter = draw.up_to(1) == 0 ? Filter::bicubic : Filter::bilinear;
    const bool is_gray = draw.up_to(1) == 0;
    const auto given = draw.rest();
    Image image{from.height, from.width, std::vector<std::uint8_t>(3 * from.area())};
    for (std::size_t i = 0; i < image.rgb.size() && !given.empty(); ++i) {
        const auto place = is_gray ? i / 3 : i;
        image.rgb[i] = static_cast<std::uint8_t>(given[place % given.size()]);
    }
    const auto resized = resize(image, to.height, to.width, filter);
    require_property(resized.height == to.height && resized.width == to.width &&
                         resized.rgb.size() == 3 * to.area(),
                     "it has the size that was asked for");
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const auto plane = channel_of(image, channel);
        const auto slow = slow_resized(plane, from, to, filter);
        require_property(channel_of(resized, channel) == slow, "pixels are those of PIL");
        require_property(
            resize_plane(plane, from.height, from.width, to.height, to.width, filter) == slow,
            "so are those of one channel");
    }
}

}  // namespace patchead::fuzz
