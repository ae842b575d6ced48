#pragma once

#include <optional>

#include <ATen/core/Tensor.h>

/// \file
/// \brief The layers that a transformer is made of.

namespace patchead::inline backbone_detail {

struct Linear {
    at::Tensor weight;  ///< [out, in]
    at::Tensor bias;    ///< [out]
};

struct LayerNorm {
    at::Tensor weight;  ///< [dim]
    at::Tensor bias;    ///< [dim]
    double eps = 0;
};

/// What stands between the two matrices of an MLP.
///  * gelu: exact, by the error function; gelu_tanh: its approximation; quick_gelu: x s(1.702 x)
///  * swiglu: x1 s(x1) * x2 of gates x1 and values x2 (Shazeer, "GLU Variants Improve Transformer",
///    2020), s being the logistic function
enum class Activation { gelu, gelu_tanh, quick_gelu, swiglu };

struct Mlp {
    Activation activation = Activation::gelu;
    Linear fc1;                           ///< swiglu: gates, then values, [2 * hidden, dim].
    std::optional<LayerNorm> inner_norm;  ///< Before the second matrix.
    Linear fc2;
};

[[nodiscard]] at::Tensor normalise(const at::Tensor& x, const LayerNorm& norm);

/// Shape: `x[n, in]` to `[n, out]`.
[[nodiscard]] at::Tensor apply(const Linear& linear, const at::Tensor& x);

/// `x += linear(y)` without a temporary. Shape: `x[n, out]`, `y[n, in]`.
void add_applied(at::Tensor& x, const Linear& linear, const at::Tensor& y);

/// `x += mlp(y)`. Shape: `x[n, dim]`, `y[n, dim]`.
void add_transformed(at::Tensor& x, const Mlp& mlp, const at::Tensor& y);

}  // namespace patchead::inline backbone_detail
