#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <tuple>

#include "compute_place.hpp"
#include "patchead/backbone/backbone.hpp"
#include "tensor_encoding.hpp"

namespace patchead::inline backbone_detail {

/// A network that computes with tensors: how images get to it and results back. On a CPU a few
/// images go through it together where that changes no bit, on a GPU as many as fit its memory.
class TensorBackbone : public Backbone {
  public:
    TensorBackbone(BackboneInfo info, ComputePlace place);

    using Backbone::encode;
    [[nodiscard]] Encoding encode(std::span<const float> pixels, int batch, int height, int width,
                                  const TokenRequest& request) const final;

    [[nodiscard]] int images_within(std::int64_t bytes, int height, int width,
                                    const TokenRequest& request) const final;

    [[nodiscard]] const BackboneInfo& info() const final { return info_; }

  protected:
    [[nodiscard]] const ComputePlace& place() const { return place_; }

  private:
    /// Called by several threads at a time, in inference mode. Attention is not read if the network
    /// has none.
    /// Shape: `images[B, 3, rows * patch_px, cols * patch_px]`, in place and format of the network.
    /// Throws c10::OutOfMemoryError if a GPU has too little memory for them.
    [[nodiscard]] virtual TensorEncoding forward(const at::Tensor& images, Grid grid,
                                                 const TokenRequest& request) const = 0;

    /// How many images of a grid gain by being computed together on a CPU.
    [[nodiscard]] virtual std::int64_t worth_together(Grid /*grid*/) const { return 1; }

    [[nodiscard]] std::int64_t together(const at::Tensor& images, Grid grid,
                                        const TokenRequest& request) const;
    [[nodiscard]] bool computes_alike(const at::Tensor& images, Grid grid,
                                      const TokenRequest& request) const;

    /// Numbers that these layers of an image have.
    [[nodiscard]] double values_of(const std::vector<TokenLayer>& layers, Grid grid) const;
    /// Those of the tokens inside the network where they are most.
    [[nodiscard]] double widest_layer(Grid grid) const;
    /// Numbers of windows of an image: those that come out, or those inside at a time.
    [[nodiscard]] double window_values(const TokenRequest& request, Grid grid, bool inside) const;

    void check(std::size_t values, int batch, int height, int width) const;
    void check(const TokenRequest& request) const;
    void check_windows(const TokenRequest& request, Grid grid) const;

    template <class Run>
    void as_memory_allows(std::int64_t batch, const Run& run) const;

    BackboneInfo info_;
    ComputePlace place_;
    mutable std::mutex mutex_;  ///< Of what follows, and of a GPU's memory.
    mutable std::map<std::tuple<Grid, std::int64_t, TokenRequest>, bool> same_bits_;
    mutable std::int64_t limit_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace patchead::inline backbone_detail
