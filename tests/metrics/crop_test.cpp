#include <gtest/gtest.h>

#include <utility>

#include "metrics/category.hpp"

namespace patchead {
namespace {

// torchvision: int(round((h - k) / 2)), which rounds half to even.
TEST(Middle, IsWhereTorchvisionCrops) {
    const auto window = [](int side, double share) {
        const auto found = middle_of({side, side}, share);
        return std::pair(found.top, found.size.height);
    };
    EXPECT_EQ(window(256, 0.875), (std::pair(16, 224)));
    EXPECT_EQ(window(448, 0.875), (std::pair(28, 392)));
    EXPECT_EQ(window(512, 0.875), (std::pair(32, 448)));
    EXPECT_EQ(window(7, 4.0 / 7), (std::pair(2, 4))) << "1.5 to 2";
    EXPECT_EQ(window(9, 4.0 / 9), (std::pair(2, 4))) << "2.5 to 2";
    EXPECT_EQ(window(1, 0.1), (std::pair(0, 1)));
    EXPECT_EQ(window(224, 1), (std::pair(0, 224)));
}

// The middle 4 x 4 of 8 x 8, against these pixels as a category of their own.
TEST(Middle, HasTheMetricsOfItsPixelsAlone) {
    Category whole;
    Category middle;
    for (int image = 0; image < 3; ++image) {
        std::vector<float> map;
        std::vector<std::uint8_t> mask;
        std::vector<float> kept;
        std::vector<std::uint8_t> kept_mask;
        for (int pixel = 0; pixel < 64; ++pixel) {
            const int y = pixel / 8;
            const int x = pixel % 8;
            map.push_back(static_cast<float>((pixel * 37 + image * 11) % 64));
            mask.push_back(image > 0 && (pixel * 13 + image) % 5 == 0 ? 1 : 0);
            if (y < 2 || y >= 6 || x < 2 || x >= 6) { continue; }
            kept.push_back(map.back());
            kept_mask.push_back(mask.back());
        }
        add(middle, image > 0, static_cast<float>(image), kept, kept_mask);
        add(whole, image > 0, static_cast<float>(image), map, mask);
    }
    const auto uncropped = metric(whole, "AUPRO").value;
    whole.options.kept_side = 0.5;
    for (const auto name : metric_names()) {
        const std::string of(name);
        EXPECT_EQ(metric(whole, of).value, metric(middle, of).value) << of;
    }
    EXPECT_NE(metric(whole, "AUPRO").value, uncropped);
}

}  // namespace
}  // namespace patchead
