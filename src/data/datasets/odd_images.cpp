#include "datasets/odd_images.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr int kTolerance = 12;  // JPEG moves colours by some levels.

bool near(int value, int wanted) { return std::abs(value - wanted) <= kTolerance; }

/// The part of "jet" to which a colour belongs: dark blue to blue, to cyan, over green to yellow,
/// to red, to dark red; -1 if to none.
int part_of_jet(int red, int green, int blue) {
    if (near(red, 0) && near(green, 0) && blue >= 128 - kTolerance) { return 0; }
    if (near(red, 0) && near(blue, 255)) { return 1; }
    if (near(green, 255) && near(red + blue, 255)) { return 2; }
    if (near(red, 255) && near(blue, 0)) { return 3; }
    if (near(green, 0) && near(blue, 0) && red >= 128 - kTolerance) { return 4; }
    return -1;
}

}  // namespace

bool has_colours_of_a_heat_map(const Image& image) {
    constexpr double nearly_all = 0.95;
    std::array<int, 5> parts{};
    int all = 0;
    for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
        ++all;
        const int part = part_of_jet(image.rgb[i], image.rgb[i + 1], image.rgb[i + 2]);
        if (part >= 0) { ++parts[static_cast<std::size_t>(part)]; }
    }
    const auto in_jet = parts[0] + parts[1] + parts[2] + parts[3] + parts[4];
    const auto large = std::ranges::count_if(parts, [&](int part) { return part > all / 100; });
    return in_jet >= nearly_all * all && large >= 3;
}

std::vector<Finding> find_resized(const DatasetInfo& info,
                                  std::span<const CategoryCheck> categories) {
    std::vector<Finding> findings;
    for (const auto& category : categories) {
        const auto known =
            std::ranges::find(info.categories, category.name, &PublishedCategory::name);
        if (known == info.categories.end() || known->width_px == 0 || !category.sizes) { continue; }
        const SizeRange published{known->height_px, known->height_px, known->width_px,
                                  known->width_px};
        const auto& found = *category.sizes;
        if (found == published) { continue; }
        findings.push_back(
            {false, concat(category.name, ": images of ", found.least_width, " x ",
                           found.least_height, " px; published: ", known->width_px, " x ",
                           known->height_px, "; numbers of resized images are not comparable")});
    }
    return findings;
}

}  // namespace patchead::inline data_detail
