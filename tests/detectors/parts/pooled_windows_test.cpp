#include "detectors/parts/pooled_windows.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

TEST(Neighbourhood, CountsZerosBeyondTheBorder) {
    const auto means = neighbourhood_patches({{{3, 4}, at::ones({1, 12, 2})}}, 3, 2, 2);
    const auto at_place = [&](std::int64_t row, std::int64_t col) {
        return means[0][row * 4 + col][1].item<float>();
    };
    EXPECT_FLOAT_EQ(at_place(0, 0), 4.0F / 9);
    EXPECT_FLOAT_EQ(at_place(0, 2), 6.0F / 9);
    EXPECT_FLOAT_EQ(at_place(1, 1), 1);
}

TEST(Neighbourhood, PoolsUnevenWindowsAsThePublicationDoes) {
    // Two channels to four values and back to two: the centre counts twice (18 = 4 x 4.5).
    auto patches = at::zeros({1, 9, 2});
    patches[0][4][0] = 10;
    patches[0][0][1] = 10;
    const auto pooled = neighbourhood_patches({{{3, 3}, patches}}, 3, 4, 2);
    EXPECT_FLOAT_EQ(pooled[0][4][0].item<float>(), 2);  // (10 + 10) / 10
    EXPECT_FLOAT_EQ(pooled[0][4][1].item<float>(), 1);  // 10 / 10
}

TEST(Neighbourhood, BringsOtherLayersToTheGridOfTheFirst) {
    // One column of two patches becomes four: 0, 1/4, 3/4, 1 of the way.
    const auto fine = at::zeros({1, 4, 1});
    const auto coarse = at::tensor({0.0F, 4.0F}).view({1, 2, 1});
    const auto joined = neighbourhood_patches({{{4, 1}, fine}, {{2, 1}, coarse}}, 1, 1, 2);
    const auto second = joined[0].select(1, 1);
    EXPECT_TRUE(at::equal(second, at::tensor({0.0F, 1.0F, 3.0F, 4.0F})));
}

}  // namespace
}  // namespace patchead
