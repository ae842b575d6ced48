#include "pipeline/object_masks.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "patchead/data/image_io.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// A bright square in the upper left quarter of a dark image of 64 px.
Image square_up_left() {
    Image image{64, 64, std::vector<std::uint8_t>(3 * 64 * 64, 20)};
    for (std::size_t row = 8; row < 28; ++row) {
        std::fill_n(image.rgb.begin() + static_cast<std::ptrdiff_t>(3 * (64 * row + 8)), 3 * 20,
                    std::uint8_t{220});
    }
    return image;
}

class ObjectMasksTest : public testing::Test {
  protected:
    ObjectMasksTest() {
        Sample sample;
        sample.id = "square";
        sample.image = folder_.path() / "square.png";
        write_png(sample.image, square_up_left());
        plan_.spec.samples = {sample};
        PlannedBackbone quarters;
        quarters.patch_px = 16;
        plan_.spec.backbones = {quarters};
        plan_.embeds.push_back({0, 32, {0}, {}, {2, 2}});
        plan_.embeds.push_back({0, 32, {0}, Copies{{Version::rotated}}, {2, 2}});
    }

    TemporaryFolder folder_;
    Store store_{folder_.path() / "store"};
    SweepPlan plan_;
};

TEST_F(ObjectMasksTest, SayWhichPatchesShowTheObject) {
    ObjectMasks masks(plan_, store_);
    const std::vector<ImageRef> images{{0, 0}, {1, 0}};
    const auto shares = masks.of(images);
    ASSERT_EQ(shares.size(), 8U);
    EXPECT_NEAR(shares[0], 20.0 * 20 / (32 * 32), 0.05);
    EXPECT_EQ(std::count(shares.begin(), shares.begin() + 4, 0.0F), 3);
    // Of the copy turned by 180 degrees it is the last patch.
    EXPECT_NEAR(shares[7], shares[0], 0.02);
    EXPECT_EQ(shares[4], 0);
}

TEST_F(ObjectMasksTest, RememberWhatTheyFound) {
    ObjectMasks masks(plan_, store_);
    const std::vector<ImageRef> images{{0, 0}};
    const auto first = masks.of(images);
    std::filesystem::remove(plan_.spec.samples[0].image);
    EXPECT_EQ(masks.of(images), first);
}

}  // namespace
}  // namespace patchead
