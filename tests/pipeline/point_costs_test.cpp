#include "patchead/pipeline/point_costs.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "patchead/plan/method_options.hpp"
#include "plan/toy_sweep.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

// Of the toy sweep at 224 px: 14 x 14 patches of 192 channels.
constexpr double kGridPatches = 196;
constexpr double kProduct = 2 * kGridPatches * kGridPatches * 192;
constexpr double kFeatureBytes = kGridPatches * 192 * 2;  ///< As fp16.

DetectorSettings settings_with(const char* layers, bool in_batches) {
    const PlannedNeeds needs{Layers().parse("layers", layers), true, false, {}};
    DetectorSettings settings;
    settings.few_shot = needs;
    if (in_batches) { settings.zero_shot = needs; }
    return settings;
}

/// PatchEAD with and without alignment, and two other detectors; batches of 16.
SweepPlan plan_with_detectors() {
    auto task = spec(40);
    task.method = default_method();
    task.method.batch.size = 16;
    PlannedDetector dino{.name = "anomalydino", .method = "anomalydino"};
    dino.common = settings_with("last", true);
    dino.common.options = {
        {"k_neighbors", "1"},     {"knn_metric", "L2_normalized"}, {"rotation", "no"},
        {"masking", "no"},        {"mask_ref_images", "no"},       {"mask_threshold", "10"},
        {"max_memory_rows", "0"}, {"quantile", "0.001"},           {"top_share", "0.01"}};
    PlannedDetector gan{.name = "aprilgan", .method = "aprilgan"};
    gan.common = settings_with("2,4", false);
    gan.common.options = {{"layers", "2,4"}};
    task.detectors = {{.name = "patchead", .method = "patchead"}, dino, gan};
    task.grids[0].modules = {{}, {.align = true, .mask = false}};
    task.grids[0].detectors = {0, 1, 2};
    return make_plan(task);
}

class PointCosts : public testing::Test {
  protected:
    [[nodiscard]] const EvaluateUnit& point(std::size_t detector, int shots, bool align = false) {
        const auto found = std::ranges::find_if(plan_.evaluates, [&](const EvaluateUnit& unit) {
            return unit.detector == detector && unit.shots == shots && unit.seed == 0 &&
                   unit.modules.align == align;
        });
        EXPECT_NE(found, plan_.evaluates.end());
        return *found;
    }
    PointCost cost(std::size_t detector, int shots, bool align = false) {
        return cost_of(plan_, point(detector, shots, align), store_);
    }

    SweepPlan plan_ = plan_with_detectors();
    TemporaryFolder folder_;
    Store store_{folder_.path()};
};

TEST_F(PointCosts, OfPatchEadAreItsPassesAndProductsWithItsPrompts) {
    const auto one = cost(0, 1);
    const auto two = cost(0, 2);
    EXPECT_EQ(one.scoring_flop, kProduct);
    EXPECT_EQ(two.scoring_flop, 2 * kProduct) << "shots are prefixes of one match tensor";
    EXPECT_EQ(one.memory_bytes, kFeatureBytes);
    EXPECT_EQ(two.memory_bytes, 2 * kFeatureBytes);
    const double tokens = kGridPatches + 1;
    EXPECT_DOUBLE_EQ(one.network_flop, 2 * 1000 * tokens + 4 * 6 * tokens * tokens * 192);
    EXPECT_EQ(one.network_flop, two.network_flop);
}

TEST_F(PointCosts, OfAlignmentAreTwoCopiesOfEachPrompt) {
    EXPECT_DOUBLE_EQ(cost(0, 2, true).network_flop, 5 * cost(0, 2).network_flop);
    EXPECT_EQ(cost(0, 2, true).scoring_flop, (2 + 2 * 2) * kProduct);
    EXPECT_EQ(cost(0, 2, true).memory_bytes, 2 * kFeatureBytes) << "copies are not kept";
}

// Each of 16 images has 15 others; their products serve both.
TEST_F(PointCosts, OfABatchAreItsOtherImages) {
    const auto batch = cost(0, 0);
    EXPECT_DOUBLE_EQ(batch.memory_bytes, 15 * kFeatureBytes);
    EXPECT_DOUBLE_EQ(batch.scoring_flop, 15 * kProduct / 2);
    const auto dino = cost(1, 0);
    EXPECT_DOUBLE_EQ(dino.memory_bytes, 15 * kFeatureBytes);
    EXPECT_DOUBLE_EQ(dino.scoring_flop, 15 * kProduct);
    EXPECT_EQ(dino.network_flop, batch.network_flop);
}

TEST_F(PointCosts, OfADetectorAreThoseOfItsModelInTheStore) {
    EXPECT_TRUE(std::isnan(cost(2, 1).memory_bytes)) << "there is no model yet";
    EXPECT_TRUE(std::isnan(cost(2, 1).scoring_flop));
    EXPECT_EQ(cost(2, 1).network_flop, cost(0, 1).network_flop);
    const auto& unit = point(2, 1);
    const PlainTensor memory{{7, 192}, std::vector<float>(7 * 192)};
    store_.write(plan_.fits[*plan_.detects[unit.detects.front()].fit].key,
                 NamedTensors{{"memory.0", memory}, {"memory.1", memory}}, {});
    EXPECT_EQ(cost(2, 1).memory_bytes, 2 * 7 * 192 * 4);
    EXPECT_EQ(cost(2, 1).scoring_flop, 2 * (2 * kGridPatches * 7 * 192));
}

}  // namespace
}  // namespace patchead
