#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include "patchead/backbone/kernels.hpp"

namespace patchead::inline backbone_detail {

/// What is tried: a function of two tensors of these shapes.
struct Kernel {
    std::string name;
    bool is_ours = true;
    std::vector<std::int64_t> left;
    std::vector<std::int64_t> right;
    std::function<at::Tensor(const at::Tensor& left, const at::Tensor& right)> run;
};

/// Runs it on random values of `type` on `device`, and on the same values in float32 on the CPU.
[[nodiscard]] KernelCheck try_kernel(const Kernel& kernel, c10::Device device, c10::ScalarType type,
                                     double tolerance);

}  // namespace patchead::inline backbone_detail
