#include "patchead/core/registry.hpp"

#include <array>

#include <gtest/gtest.h>

namespace patchead {
namespace {

struct Fruit {
    std::string_view name;
    int price;
};
constexpr std::array<Fruit, 3> kFruits{{{"apple", 1}, {"banana", 2}, {"cherry", 3}}};

TEST(Registry, FindsByName) {
    EXPECT_EQ(find(std::span<const Fruit>(kFruits), "fruit", "banana").price, 2);
}

TEST(Registry, UnknownNameNamesTheNearestAndAll) {
    try {
        static_cast<void>(find(std::span<const Fruit>(kFruits), "fruit", "bananna"));
        FAIL() << "no exception";
    } catch (const ConfigError& error) {
        EXPECT_STREQ(error.what(),
                     "unknown fruit 'bananna' (did you mean 'banana'?); one of: apple, banana, "
                     "cherry");
    }
}

TEST(Registry, FarNameGetsNoSuggestion) {
    const std::array<std::string_view, 2> known{"alpha", "omega"};
    EXPECT_EQ(nearest_name("xyzzy-plugh", known), "");
    EXPECT_EQ(unknown_name("letter", "xyzzy-plugh", known),
              "unknown letter 'xyzzy-plugh'; one of: alpha, omega");
}

}  // namespace
}  // namespace patchead
