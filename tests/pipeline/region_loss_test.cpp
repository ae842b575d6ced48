#include "patchead/pipeline/region_loss.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "patchead/data/image_io.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// Rectangles of a mask: top, left, height, width.
using Boxes = std::vector<std::array<int, 4>>;

/// An image of 64 px with `boxes` as defects, and one without any, at 32 px.
class RegionLossTest : public testing::Test {
  protected:
    RegionLoss loss_of(const Boxes& boxes, double kept_side = 1,
                       MaskResize rule = MaskResize::area50) {
        Image mask{64, 64, std::vector<std::uint8_t>(3 * 64 * 64)};
        for (const auto& [top, left, height, width] : boxes) {
            for (int y = top; y < top + height; ++y) {
                const auto first = static_cast<std::ptrdiff_t>(3 * (64 * y + left));
                std::fill_n(mask.rgb.begin() + first, 3 * width, std::uint8_t{255});
            }
        }
        Sample defect;
        defect.id = "defect";
        defect.anomalous = true;
        defect.image = folder_.path() / "image.png";
        defect.mask = folder_.path() / "mask.png";
        write_png(defect.image, mask);
        write_png(defect.mask, mask);
        auto good = defect;
        good.id = "good";
        good.anomalous = false;
        good.mask.clear();
        SweepPlan plan;
        plan.spec.samples = {defect, good};
        EvaluateUnit unit;
        unit.dataset = "set";
        unit.category = "dots";
        unit.tests = {0, 1};
        unit.metrics.side_px = 32;
        unit.metrics.kept_side = kept_side;
        unit.metrics.mask_resize = rule;
        plan.evaluates = {unit, unit};
        const auto losses = region_losses(plan);
        EXPECT_EQ(losses.size(), 1U) << "points of one category and size share masks";
        return losses.front();
    }

    TemporaryFolder folder_;
};

TEST_F(RegionLossTest, CountsWhatResizingLeavesNothingOf) {
    const auto loss = loss_of({{8, 8, 6, 6}, {30, 41, 1, 1}});
    EXPECT_EQ(loss.dataset, "set");
    EXPECT_EQ(loss.category, "dots");
    EXPECT_EQ(loss.side_px, 32);
    EXPECT_EQ(loss.in_files, 2U);
    EXPECT_EQ(loss.lost, 1U) << "a quarter of a pixel is less than half";
    EXPECT_EQ(loss.measured, 1U);
    EXPECT_EQ(loss.images, 1U);
    EXPECT_EQ(loss.empty, 0U);
    EXPECT_EQ(loss_of({{8, 8, 6, 6}, {30, 41, 1, 1}}, 1, MaskResize::any).lost, 0U);
}

TEST_F(RegionLossTest, CountsWhatTheCropCutsOff) {
    const Boxes boxes{{0, 20, 4, 8}, {30, 30, 4, 4}, {20, 60, 6, 4}};
    EXPECT_EQ(loss_of(boxes).lost, 0U);
    EXPECT_EQ(loss_of(boxes, 0.875).lost, 2U) << "both lie in the outer 4 px of 64";
    const auto loss = loss_of({{0, 20, 4, 8}}, 0.875);
    EXPECT_EQ(loss.lost, 1U);
    EXPECT_EQ(loss.measured, 0U);
    EXPECT_EQ(loss.empty, 1U);
}

TEST_F(RegionLossTest, CountsARegionThatIsCutInTwoAsOne) {
    // An arch over the border of the middle: its feet are left, apart.
    const auto loss = loss_of({{0, 20, 2, 24}, {0, 20, 12, 4}, {0, 40, 12, 4}}, 0.875);
    EXPECT_EQ(loss.in_files, 1U);
    EXPECT_EQ(loss.lost, 0U);
    EXPECT_EQ(loss.measured, 2U);
}

TEST_F(RegionLossTest, CountsRegionsThatGrowTogether) {
    const auto loss = loss_of({{10, 10, 4, 3}, {10, 15, 4, 3}}, 1, MaskResize::any);
    EXPECT_EQ(loss.in_files, 2U);
    EXPECT_EQ(loss.lost, 0U);
    EXPECT_EQ(loss.measured, 1U);
}

}  // namespace
}  // namespace patchead
