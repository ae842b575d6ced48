#include "patchead/core/counted.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

TEST(Counted, SaysHowManyInWords) {
    EXPECT_EQ(counted(1, "category", "categories"), "1 category");
    EXPECT_EQ(counted(2, "category", "categories"), "2 categories");
    EXPECT_EQ(counted(0, "image"), "0 images");
}

}  // namespace
}  // namespace patchead
