#include "patchead/data/preprocess.hpp"

#include <algorithm>
#include <optional>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// What each byte becomes in one channel. Divisions, not products with inverses: torchvision
/// divides, and the results differ in the last bit.
std::array<float, 256> normalised_bytes(float mean, float std) {
    std::array<float, 256> table{};
    for (std::size_t byte = 0; byte < table.size(); ++byte) {
        table[byte] = (static_cast<float>(byte) / 255.0F - mean) / std;
    }
    return table;
}

/// Source pixels `[first, last)` that new pixel `out` covers, wholly or in part.
struct Cover {
    std::size_t first, last;
};

Cover covered(std::size_t out, std::size_t from, std::size_t to) {
    return {out * from / to, ((out + 1) * from + to - 1) / to};
}

/// Whether `wanted` stands anywhere in the part of `mask` under new pixel (`row`, `col`).
bool has(const Mask& mask, std::uint8_t wanted, std::size_t row, std::size_t col, MapSize size) {
    const auto width = static_cast<std::size_t>(mask.width);
    const auto rows =
        covered(row, static_cast<std::size_t>(mask.height), static_cast<std::size_t>(size.height));
    const auto cols = covered(col, width, static_cast<std::size_t>(size.width));
    for (auto y = rows.first; y < rows.last; ++y) {
        const auto begin = mask.anomalous.begin() + static_cast<std::ptrdiff_t>(y * width);
        const auto last = begin + static_cast<std::ptrdiff_t>(cols.last);
        if (std::find(begin + static_cast<std::ptrdiff_t>(cols.first), last, wanted) != last) {
            return true;
        }
    }
    return false;
}

std::uint8_t at_centre(const Mask& mask, std::size_t row, std::size_t col, MapSize size) {
    const auto height = static_cast<std::size_t>(mask.height);
    const auto width = static_cast<std::size_t>(mask.width);
    const auto y = (2 * row + 1) * height / (2 * static_cast<std::size_t>(size.height));
    const auto x = (2 * col + 1) * width / (2 * static_cast<std::size_t>(size.width));
    return mask.anomalous[y * width + x];
}

/// `mask` as 0 and 255, resized as PIL does, and then at least `least`.
std::vector<std::uint8_t> resized_above(const Mask& mask, MapSize size, std::uint8_t least) {
    auto bytes = mask.anomalous;
    for (auto& byte : bytes) { byte = byte != 0 ? 255 : 0; }
    bytes = resize_plane(bytes, mask.height, mask.width, size.height, size.width, Filter::bilinear);
    for (auto& byte : bytes) { byte = byte >= least ? 1 : 0; }
    return bytes;
}

/// From which byte on a resized pixel is anomalous; empty for rules without PIL's resize.
std::optional<std::uint8_t> least_byte(MaskResize how) {
    switch (how) {
        case MaskResize::area50:
            return std::uint8_t{128};
        case MaskResize::musc_any:
            return std::uint8_t{1};
        case MaskResize::musc_all:
            return std::uint8_t{255};
        default:
            return std::nullopt;
    }
}

}  // namespace

Image fit(Image image, MapSize size) {
    if (image.height == size.height && image.width == size.width) { return image; }
    Image result{size.height, size.width, {}};
    result.rgb.reserve(3 * size.area());
    const auto row_bytes = 3 * static_cast<std::ptrdiff_t>(image.width);
    const auto taken = 3 * static_cast<std::ptrdiff_t>(std::min(size.width, image.width));
    for (int row = 0; row < size.height; ++row) {
        const auto from = image.rgb.begin() + std::min(row, image.height - 1) * row_bytes;
        result.rgb.insert(result.rgb.end(), from, from + taken);
        for (int col = image.width; col < size.width; ++col) {
            result.rgb.insert(result.rgb.end(), from + taken - 3, from + taken);
        }
    }
    return result;
}

NetworkInput preprocess(const Image& image, const InputShape& shape,
                        const Preprocessing& preprocessing) {
    const auto& [height, width] = shape.resized;
    return normalise(fit(resize(image, height, width, preprocessing.filter), shape.input()),
                     preprocessing);
}

NetworkInput normalise(const Image& image, const Preprocessing& preprocessing) {
    const auto plane = image.rgb.size() / 3;
    NetworkInput input{image.height, image.width, std::vector<float>(3 * plane)};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const auto table =
            normalised_bytes(preprocessing.mean[channel], preprocessing.std[channel]);
        auto* values = input.values.data() + channel * plane;
        const auto* bytes = image.rgb.data() + channel;
        for (std::size_t i = 0; i < plane; ++i) { values[i] = table[bytes[3 * i]]; }
    }
    return input;
}

Mask resize_mask(const Mask& mask, MapSize size, MaskResize how) {
    PATCHEAD_ASSERT(mask.height > 0 && mask.width > 0 && size.area() > 0);
    if (const auto least = least_byte(how)) {
        return {size.height, size.width, resized_above(mask, size, *least)};
    }
    Mask result{size.height, size.width, {}};
    result.anomalous.reserve(size.area());
    for (std::size_t row = 0; row < static_cast<std::size_t>(size.height); ++row) {
        for (std::size_t col = 0; col < static_cast<std::size_t>(size.width); ++col) {
            const auto value = how == MaskResize::any   ? has(mask, 1, row, col, size)
                               : how == MaskResize::all ? !has(mask, 0, row, col, size)
                                                        : at_centre(mask, row, col, size) != 0;
            result.anomalous.push_back(value ? 1 : 0);
        }
    }
    return result;
}

}  // namespace patchead
