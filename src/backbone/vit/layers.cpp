#include "vit/layers.hpp"

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
namespace {

/// Changes `hidden`.
at::Tensor activate(at::Tensor hidden, Activation activation) {
    switch (activation) {
        case Activation::gelu:
            return at::gelu_(hidden);
        case Activation::gelu_tanh:
            return at::gelu_(hidden, "tanh");
        case Activation::quick_gelu:
            return hidden.mul_(at::sigmoid(hidden * 1.702));
        case Activation::swiglu:
            break;
    }
    const auto parts = hidden.chunk(2, 1);
    auto gates = parts[0];
    return at::silu_(gates).mul_(parts[1]);
}

}  // namespace

at::Tensor normalise(const at::Tensor& x, const LayerNorm& norm) {
    return at::layer_norm(x, {x.size(-1)}, norm.weight, norm.bias, norm.eps);
}

at::Tensor apply(const Linear& linear, const at::Tensor& x) {
    return at::addmm(linear.bias, x, linear.weight.t());
}

void add_applied(at::Tensor& x, const Linear& linear, const at::Tensor& y) {
    x.add_(linear.bias).addmm_(y, linear.weight.t());
}

void add_transformed(at::Tensor& x, const Mlp& mlp, const at::Tensor& y) {
    auto hidden = activate(apply(mlp.fc1, y), mlp.activation);
    if (mlp.inner_norm) { hidden = normalise(hidden, *mlp.inner_norm); }
    add_applied(x, mlp.fc2, hidden);
}

}  // namespace patchead::inline backbone_detail
