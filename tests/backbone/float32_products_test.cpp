#include "backbone/float32_products.hpp"

#include <gtest/gtest.h>

#include <vector>

#include <ATen/ATen.h>

#include "backbone/tensor_backbone.hpp"

namespace patchead {
namespace {

bool tf32_is_allowed() {
    const bool products = at::globalContext().allowTF32CuBLAS();
    EXPECT_EQ(at::globalContext().allowTF32CuDNN(), products);
    return products;
}

/// A network that tells in its only token whether products may be TF32.
class Observer final : public TensorBackbone {
  public:
    explicit Observer(ComputePlace place) : TensorBackbone(described(), place) {}

  private:
    static BackboneInfo described() {
        BackboneInfo info;
        info.patch_px = info.width = info.dim = 1;
        return info;
    }

    [[nodiscard]] TensorEncoding forward(const at::Tensor& images, Grid grid,
                                         const TokenRequest& /*request*/) const override {
        TORCH_CHECK(images.min().item<float>() >= 0, "a negative pixel");
        return {at::full({images.size(0), grid.size(), 1}, tf32_is_allowed() ? 1.0 : 0.0), {}};
    }
};

/// The token of an image of one pixel.
float token_with(bool tf32, float pixel) {
    ComputePlace place;
    place.tf32 = tf32;
    return Observer(place).encode(std::vector<float>(3, pixel), 1, 1, 1).tokens.at(0);
}

TEST(Float32Products, AreTf32ForANetworkThatAsksForItAndNoLonger) {
    allow_tf32(false);
    EXPECT_EQ(token_with(true, 0), 1.0F);
    EXPECT_FALSE(tf32_is_allowed());
    EXPECT_EQ(token_with(false, 0), 0.0F);
}

TEST(Float32Products, AreStrictAgainAfterAFailure) {
    allow_tf32(false);
    EXPECT_THROW(token_with(true, -1), c10::Error);
    EXPECT_FALSE(tf32_is_allowed());
}

}  // namespace
}  // namespace patchead
