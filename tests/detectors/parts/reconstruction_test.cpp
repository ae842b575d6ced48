#include "detectors/parts/reconstruction.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

at::Tensor one_patch(std::vector<float> values) { return at::tensor(values).view({1, 1, -1}); }

TEST(Reconstruction, IsWhatTheRowsSpan) {
    const auto rows = at::tensor({2.0F, 0.0F, 0.0F}).view({1, 3});
    const auto made = Reconstruction(at::zeros({1, 3}), rows, 0).of(one_patch({3, 4, 5}));
    EXPECT_TRUE(at::allclose(made, one_patch({3, 0, 0}).to(at::kDouble)));
}

TEST(Reconstruction, IsDrawnToTheMean) {
    // (Q + 2 mean) / 3, where rows span everything; a row twice changes nothing.
    const auto rows = at::tensor({1.0F, 1.0F, 1.0F, 1.0F, 0.0F, 5.0F}).view({3, 2});
    const auto mean = at::tensor({3.0F, 0.0F}).view({1, 2});
    const auto made = Reconstruction(mean, rows, 2).of(one_patch({6, 3}));
    EXPECT_TRUE(at::allclose(made, one_patch({4, 1}).to(at::kDouble)));
}

}  // namespace
}  // namespace patchead
