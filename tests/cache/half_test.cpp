#include "cache/h5/half.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace {

using patchead::Half;

std::uint16_t bits(Half half) { return static_cast<std::uint16_t>(half); }

/// Value of a half from its definition, in double.
double value_of(std::uint16_t half) {
    const int exponent = (half >> 10) & 31;
    const int mantissa = half & 1023;
    const double magnitude =
        exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

std::vector<Half> all_finite() {
    std::vector<Half> halves;
    for (unsigned i = 0; i < 0x10000; ++i) {
        if ((i & 0x7C00) != 0x7C00) { halves.push_back(Half{static_cast<std::uint16_t>(i)}); }
    }
    return halves;
}

/// Both ways of conversion: the processor's and the portable one.
struct Way {
    const char* name;
    void (*to_half)(std::span<const float>, std::span<Half>);
    void (*to_float)(std::span<const Half>, std::span<float>);
};

class HalfConversion : public testing::TestWithParam<Way> {};

TEST_P(HalfConversion, GivesEveryFiniteHalfItsValueAndBack) {
    const auto halves = all_finite();
    std::vector<float> floats(halves.size());
    GetParam().to_float(halves, floats);
    for (std::size_t i = 0; i < halves.size(); ++i) {
        ASSERT_EQ(static_cast<double>(floats[i]), value_of(bits(halves[i])));
    }
    std::vector<Half> back(halves.size());
    GetParam().to_half(floats, back);
    EXPECT_EQ(back, halves);
}

// Between two neighbours: the middle goes to the even one, what is beside the middle to the near.
TEST_P(HalfConversion, RoundsToNearestAndTiesToEven) {
    for (std::uint16_t low = 0; low < 0x7BFF; ++low) {
        const auto middle = static_cast<float>((value_of(low) + value_of(low + 1)) / 2);
        const std::vector<float> floats{middle, std::nextafter(middle, 0.0F),
                                        std::nextafter(middle, 1e9F), -middle};
        std::vector<Half> halves(4);
        GetParam().to_half(floats, halves);
        const auto even = static_cast<std::uint16_t>(low + (low & 1));
        ASSERT_EQ(bits(halves[0]), even) << middle;
        ASSERT_EQ(bits(halves[1]), low) << middle;
        ASSERT_EQ(bits(halves[2]), low + 1) << middle;
        ASSERT_EQ(bits(halves[3]), even | 0x8000) << middle;
    }
}

TEST_P(HalfConversion, KeepsInfinityAndNaNOfAFileFromElsewhere) {
    const std::vector<Half> halves{Half{0x7C00}, Half{0xFC00}, Half{0x7E00}};
    std::vector<float> floats(3);
    GetParam().to_float(halves, floats);
    EXPECT_EQ(floats[0], std::numeric_limits<float>::infinity());
    EXPECT_EQ(floats[1], -std::numeric_limits<float>::infinity());
    EXPECT_TRUE(std::isnan(floats[2]));
}

INSTANTIATE_TEST_SUITE_P(Ways, HalfConversion,
                         testing::Values(Way{"Dispatched", patchead::to_half, patchead::to_float},
                                         Way{"Portable", patchead::portable::to_half,
                                             patchead::portable::to_float}),
                         [](const auto& way) { return std::string(way.param.name); });

TEST(FirstBeyond, FindsTheFirstValueThatDoesNotFit) {
    const float infinity = std::numeric_limits<float>::infinity();
    EXPECT_EQ(patchead::first_beyond(std::vector{1.0F, -65504.0F, 65504.0F}, 65504), 3U);
    EXPECT_EQ(patchead::first_beyond(std::vector{1.0F, 65505.0F, 1e9F}, 65504), 1U);
    EXPECT_EQ(patchead::first_beyond(std::vector{-65505.0F}, 65504), 0U);
    EXPECT_EQ(patchead::first_beyond(std::vector{1.0F, std::nanf("")}, 65504), 1U);
    EXPECT_EQ(patchead::first_beyond(std::vector{1e38F, -infinity}, 3.4028234e38F), 1U);
    EXPECT_EQ(patchead::first_beyond({}, 1), 0U);
}

}  // namespace
