#include "patchead/backbone/trial_network.hpp"

#include <array>
#include <cstdint>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "patchead/core/random.hpp"
#include "patchead/core/registry.hpp"
#include "vit/vit_backbone.hpp"

namespace patchead {
namespace {

constexpr int kGridSide = 16;  // Of the table of positions.

constexpr auto kShapes = std::to_array<NetworkShape>({
    {"vit_small", 14, 384, 12, 6},
    {"vit_base", 14, 768, 12, 12},
});

/// Makes tensors of random numbers and counts them.
class RandomWeights {
  public:
    explicit RandomWeights(std::int64_t dim) : dim_(dim) {}

    [[nodiscard]] std::int64_t parameters() const { return parameters_; }

    at::Tensor make(at::IntArrayRef shape, double spread) {
        auto values = at::randn(shape).mul_(spread);
        parameters_ += values.numel();
        return values;
    }
    Linear linear(std::int64_t out, std::int64_t into) {
        return {make({out, into}, 1 / std::sqrt(static_cast<double>(into))), make({out}, 0.02)};
    }
    LayerNorm norm() { return {make({dim_}, 0.1).add_(1), make({dim_}, 0.1), 1e-6}; }

    Block block() {
        constexpr std::int64_t kWider = 4;
        return {norm(),
                linear(3 * dim_, dim_),
                linear(dim_, dim_),
                norm(),
                {Activation::gelu, linear(kWider * dim_, dim_), {}, linear(dim_, kWider * dim_)}};
    }

  private:
    std::int64_t dim_;
    std::int64_t parameters_ = 0;
};

}  // namespace

NetworkShape network_shape(const std::string& name) {
    return find<NetworkShape>(kShapes, "network", name);
}

std::vector<float> random_pixels(int images, int side_px) {
    const auto side = static_cast<std::size_t>(side_px);
    std::vector<float> pixels(static_cast<std::size_t>(images) * 3 * side * side);
    Random random("pixels", 0);
    for (auto& pixel : pixels) { pixel = static_cast<float>(random.uniform(-2, 2)); }
    return pixels;
}

std::unique_ptr<const Backbone> random_network(const NetworkShape& shape,
                                               const LoadOptions& options) {
    const auto place = parse_place(options);
    const c10::InferenceMode inference;
    RandomWeights weights(shape.dim);
    Vit vit;
    vit.patch_px = shape.patch_px;
    vit.dim = shape.dim;
    vit.heads = shape.heads;
    vit.patch_embed = weights.linear(shape.dim, 3LL * shape.patch_px * shape.patch_px);
    vit.prefix = weights.make({1, shape.dim}, 1);
    vit.positions = PositionTable{weights.make({std::int64_t{kGridSide} * kGridSide, shape.dim}, 1),
                                  kGridSide, PositionResize{}};
    for (int i = 0; i < shape.depth; ++i) { vit.blocks.push_back(weights.block()); }
    vit.norm = weights.norm();
    BackboneInfo info;
    info.family = "random";
    info.layout = "random";
    info.patch_px = shape.patch_px;
    info.width = info.dim = shape.dim;
    info.depth = info.layers = shape.depth;
    info.heads = info.attention_heads = shape.heads;
    info.parameters = weights.parameters();
    return make_backbone(std::move(vit), std::move(info), place);
}

}  // namespace patchead
