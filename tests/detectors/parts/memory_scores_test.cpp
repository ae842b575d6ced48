#include "detectors/parts/memory_scores.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace patchead {
namespace {

at::Tensor column(std::vector<float> values) { return at::tensor(values).view({-1, 1}); }

TEST(MemoryScores, AreMeansOfSquaredDistances) {
    const auto found = nearest(column({2}), column({0, 1, 5}), 3);
    EXPECT_DOUBLE_EQ(mean_of_nearest(found, 1).item<double>(), 1);
    EXPECT_DOUBLE_EQ(mean_of_nearest(found, 2).item<double>(), 2.5);
    EXPECT_DOUBLE_EQ(mean_of_nearest(found, 9).item<double>(), 14.0 / 3);
}

TEST(MemoryScores, WeighTheFarthestPatchByWhatIsAroundItsNearestRow) {
    // 5 is farthest; its nearest row is 3; around that are 3 and 1, at distances 2 and 4.
    const auto patches = column({0.5F, 5});
    const auto memory = column({0, 1, 3});
    const auto found = nearest(patches, memory);
    const double share = 1 / (1 + std::exp(2.0));
    EXPECT_NEAR(reweighted_score(patches, found, memory, 2), 2 * (1 - share), 1e-12);
    EXPECT_DOUBLE_EQ(reweighted_score(patches, found, memory, 1), 0);  // As Eq. 7 has it.
}

}  // namespace
}  // namespace patchead
