#pragma once

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <torch/version.h>

/// \file
/// \brief All that differs between the versions of LibTorch that this program builds with, 1.13 to
/// the newest 2.x. Nowhere else is a version asked for.

#define PATCHEAD_TORCH_HAS(major, minor) \
    (TORCH_VERSION_MAJOR > (major) ||    \
     (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

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

}  // namespace patchead::inline backbone_detail
