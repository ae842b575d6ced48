#include "patchead/core/turns.hpp"

#include <set>

#include <gtest/gtest.h>

namespace patchead {
namespace {

std::vector<double> degrees(const std::vector<Version>& turns) {
    std::vector<double> values;
    for (const auto turn : turns) { values.push_back(degrees_of(turn)); }
    return values;
}

TEST(EvenTurns, PartAWholeTurn) {
    EXPECT_TRUE(even_turns(0).empty());
    EXPECT_EQ(degrees(even_turns(3)), (std::vector<double>{90, 180, 270}));
    EXPECT_EQ(degrees(even_turns(5)), (std::vector<double>{60, 120, 180, 240, 300}));
    const auto thirty = degrees(even_turns(30));
    EXPECT_EQ(thirty.front(), 12);
    EXPECT_EQ(thirty[1], 22.5);
    EXPECT_EQ(thirty.back(), 348);
}

TEST(EvenTurns, AreThoseWithANameWhereTheyHaveOne) {
    EXPECT_EQ(even_turns(3),
              (std::vector{Version::turned_90, Version::turned_180, Version::turned_270}));
    EXPECT_EQ(even_turns(7),
              (std::vector{Version::turned_45, Version::turned_90, Version::turned_135,
                           Version::turned_180, Version::turned_225, Version::turned_270,
                           Version::turned_315}));
}

TEST(EvenTurns, DifferFromEachOtherAndFromOtherVersions) {
    for (int count = 1; count <= kMostTurns; ++count) {
        const auto turns = even_turns(count);
        EXPECT_EQ(std::set(turns.begin(), turns.end()).size(), turns.size()) << count;
        for (const auto turn : turns) {
            EXPECT_TRUE(is_fixed(turn));
            EXPECT_NE(turn, Version::flipped_across);
            EXPECT_NE(turn, Version::flipped_down);
            EXPECT_GT(degrees_of(turn), 0);
            EXPECT_LT(degrees_of(turn), 360);
        }
    }
}

}  // namespace
}  // namespace patchead
