#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>

#include "compute_place.hpp"
#include "tensor_encoding.hpp"

/// \file
/// \brief Parts of a batch on their way through a network on a GPU, two at a time: while the device
/// works on one, the host takes in the results of the one before and prepares the next.

namespace patchead::inline backbone_detail {

/// A place in the work that a device was given. On a CPU work is done when it is given.
class Mark {
  public:
    explicit Mark(c10::Device device);
    /// Returns when the device got there.
    void wait() const;

  private:
    std::optional<c10::Event> event_;
};

class InFlight {
  public:
    using Forward = std::function<TensorEncoding(const at::Tensor& images)>;
    /// Called with the number of the part's first image, and its results in float32 on the host.
    using Take = std::function<void(std::int64_t first, const TensorEncoding& output)>;

    InFlight(ComputePlace place, Forward forward, Take take);

    /// Gives the device a part and takes the results of the one before it. Throws what the forward
    /// pass does: then that part was not given, and the one before it is still under way.
    /// Shape: `images[n, 3, H, W]`, float32 on the host.
    void start(std::int64_t first, const at::Tensor& images);
    /// Takes what is still under way.
    void finish();

  private:
    struct Part {
        std::int64_t first;
        TensorEncoding output;  ///< On the host, whole once the mark is reached.
        Mark mark;
    };

    /// A tensor of the host that a GPU copies to and from while the host goes on.
    [[nodiscard]] at::Tensor pinned(at::IntArrayRef shape) const;
    [[nodiscard]] at::Tensor to_host(const at::Tensor& values) const;

    ComputePlace place_;
    Forward forward_;
    Take take_;
    std::optional<Part> under_way_;
};

}  // namespace patchead::inline backbone_detail
