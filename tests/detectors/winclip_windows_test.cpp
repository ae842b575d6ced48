#include <gtest/gtest.h>

#include <cmath>

#include "parts/winclip_windows.hpp"

namespace patchead {
namespace {

TEST(WinClipWindows, LieOnePatchApart) {
    const auto patches = window_patches({2, 3}, 2);
    EXPECT_TRUE(patches.equal(at::tensor({0, 1, 1, 2, 3, 4, 4, 5}, at::kLong).view({4, 2})));
    EXPECT_EQ(window_patches({15, 15}, 3).sizes(), (c10::IntArrayRef{9, 169}));
}

TEST(WinClipWindows, AreAveragedHarmonically) {
    const auto values = at::tensor({0.2, 0.6}, at::kDouble).view({1, 2});
    const auto map = harmonic_map(values, window_patches({2, 3}, 2), {2, 3})[0];
    EXPECT_NEAR(map[0][0].item<double>(), 0.2, 1e-12);
    EXPECT_NEAR(map[0][1].item<double>(), 2 / (5 + 1 / 0.6), 1e-12);
    EXPECT_NEAR(map[1][2].item<double>(), 0.6, 1e-12);
}

TEST(WinClipWindows, AreZeroWhereOneIs) {
    const auto values = at::tensor({0.0, 0.6}, at::kDouble).view({1, 2});
    const auto map = harmonic_map(values, window_patches({1, 3}, 1).narrow(1, 0, 2), {1, 3})[0][0];
    EXPECT_EQ(map[0].item<double>(), 0);
    EXPECT_TRUE(std::isnan(map[2].item<double>())) << "no window covers it";
}

TEST(WinClipText, ComparesWithBothClasses) {
    const auto text = at::tensor({2.0, 0.0, 0.0, 5.0}, at::kDouble).view({2, 2});
    const auto of = [&text](double x, double y) {
        return anomaly_probability(at::tensor({x, y}, at::kDouble), text, 0.5).item<double>();
    };
    EXPECT_NEAR(of(1, 1), 0.5, 1e-12);
    EXPECT_NEAR(of(0, 3), 1 / (1 + std::exp(-2)), 1e-12);
    EXPECT_NEAR(of(3, 0) + of(0, 3), 1, 1e-12);
}

}  // namespace
}  // namespace patchead
