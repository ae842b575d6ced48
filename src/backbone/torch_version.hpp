#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <torch/version.h>

/// \file
/// \brief All that differs between the versions of LibTorch that this program builds with, 1.13 to
/// the newest 2.x. Nowhere else is a version asked for.

#define PATCHEAD_TORCH_HAS(major, minor) \
    (TORCH_VERSION_MAJOR > (major) ||    \
     (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

#if PATCHEAD_TORCH_HAS(2, 6)
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>
#endif

namespace patchead::inline backbone_detail {

/// What ATen's signatures call an optional value: later versions have no type of their own.
#if PATCHEAD_TORCH_HAS(2, 5)
template <class T>
using TorchOptional = std::optional<T>;
#else
template <class T>
using TorchOptional = c10::optional<T>;
#endif

/// Whether fused_attention() computes. That of 2.0 cannot leave out the scale.
inline constexpr bool kHasFusedAttention = PATCHEAD_TORCH_HAS(2, 1);

/// softmax(q k^T [+ mask]) v without a matrix of scores in memory. The scale is in the queries.
/// Shape: `q[B, heads, N, d]`, `k`, `v` and the result likewise; `mask[1, heads, N, N]` or
/// undefined. Requires kHasFusedAttention.
inline at::Tensor fused_attention([[maybe_unused]] const at::Tensor& q,
                                  [[maybe_unused]] const at::Tensor& k,
                                  [[maybe_unused]] const at::Tensor& v,
                                  [[maybe_unused]] const at::Tensor& mask) {
#if PATCHEAD_TORCH_HAS(2, 1)
    TorchOptional<at::Tensor> bias;
    if (mask.defined()) { bias = mask; }
    return at::scaled_dot_product_attention(q, k, v, bias, 0.0, false, 1.0);
#else
    TORCH_CHECK(false, "this LibTorch has no fused attention");
#endif
}

/// Partial sums of a GPU's products of half-precision numbers stay in float32. By default it may
/// round them, too.
inline void keep_sums_in_float32() {
    at::globalContext().setAllowFP16ReductionCuBLAS(false);
#if PATCHEAD_TORCH_HAS(2, 0)
    at::globalContext().setAllowBF16ReductionCuBLAS(false);
#endif
}

/// Whether TorchPackage can be made.
inline constexpr bool kHasPackages = PATCHEAD_TORCH_HAS(2, 6);

#if PATCHEAD_TORCH_HAS(2, 6)
/// A network that AOTInductor compiled ahead, in a file (.pt2). It is unpacked to a folder of its
/// own, and its code is loaded into this process.
class TorchPackage {
  public:
    /// At most `runs` threads run it at a time; before LibTorch 2.8 they take turns.
    TorchPackage(const std::string& file, [[maybe_unused]] int runs)
#if PATCHEAD_TORCH_HAS(2, 8)
        : loader_(std::make_unique<Loader>(file, "model", false, static_cast<std::size_t>(runs))){}
#else
        : loader_(std::make_unique<Loader>(file)) {
    }
#endif

          /// What it returns, one after another.
          [[nodiscard]] std::vector<at::Tensor> run(const at::Tensor& images) const {
        std::vector<at::Tensor> inputs{images};
        return loader_->run(inputs);
    }

    /// The kind of device that it was compiled for, "cpu" or "cuda"; empty if it does not say.
    [[nodiscard]] std::string device() const {
        auto facts = loader_->get_metadata();
        return facts["AOTI_DEVICE_KEY"];
    }

  private:
    using Loader = torch::inductor::AOTIModelPackageLoader;
    std::unique_ptr<Loader> loader_;
};
#else
class TorchPackage {
  public:
    TorchPackage(const std::string&, int) { TORCH_CHECK(false, "this LibTorch loads no packages"); }
    [[nodiscard]] std::vector<at::Tensor> run(const at::Tensor&) const { return {}; }
    [[nodiscard]] std::string device() const { return {}; }
};
#endif

}  // namespace patchead::inline backbone_detail
