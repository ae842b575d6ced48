#include "backbone/torch_version.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

TEST(TorchVersion, FusedAttentionIsThatOfTheDefinitionWhereThereIsOne) {
    const auto q = at::arange(48, at::kFloat).sin().view({1, 2, 3, 8});
    const auto mask = at::arange(18, at::kFloat).cos().view({1, 2, 3, 3});
    if (!kHasFusedAttention) {
        EXPECT_THROW(fused_attention(q, q, q, {}), c10::Error);
        return;
    }
    const auto scores = at::matmul(q, q.mT());
    const auto expected = at::matmul(at::softmax(scores, -1), q);
    const auto masked = at::matmul(at::softmax(scores + mask, -1), q);
    EXPECT_TRUE(at::allclose(fused_attention(q, q, q, {}), expected, 1e-5, 1e-6));
    EXPECT_TRUE(at::allclose(fused_attention(q, q, q, mask), masked, 1e-5, 1e-6));
}

}  // namespace
}  // namespace patchead
