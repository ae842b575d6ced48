#include "patchead/backbone/kernels.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "kernel_trial.hpp"
#include "patchead/backbone/precision.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"

namespace patchead::inline backbone_detail {
namespace {

at::Tensor random_tensor(const std::string& name, const std::vector<std::int64_t>& shape) {
    auto values = at::empty(shape, at::kFloat);
    Random random(name, 0);
    auto* const data = values.data_ptr<float>();
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        data[i] = static_cast<float>(random.uniform(-1, 1));
    }
    return values;
}

Kernel patch_embedding(std::int64_t channels, std::int64_t patch_px) {
    const auto p = patch_px;
    return {concat("conv2d 3 -> ", channels, " channels, ", p, " x ", p, " px"),
            false,
            {2, 3, 2 * p, 3 * p},
            {channels, 3, p, p},
            [p](const at::Tensor& images, const at::Tensor& weight) {
                return at::conv2d(images, weight, {}, p);
            }};
}

Kernel neighbourhood(std::int64_t channels) {
    return {concat("conv2d ", channels, " -> ", channels, " channels, 3 x 3 px"),
            false,
            {2, channels, 12, 12},
            {channels, channels, 3, 3},
            [](const at::Tensor& images, const at::Tensor& weight) {
                return at::conv2d(images, weight, {}, 1, 1);
            }};
}

Kernel product(std::int64_t rows, std::int64_t inner, std::int64_t columns) {
    return {
        concat("product ", rows, " x ", inner, " x ", columns),
        true,
        {rows, inner},
        {inner, columns},
        [](const at::Tensor& left, const at::Tensor& right) { return at::matmul(left, right); }};
}

std::vector<Kernel> all_kernels() {
    std::vector<Kernel> kernels;
    for (const std::int64_t patch_px : {4, 14, 16}) {
        for (const std::int64_t channels : {3, 6, 8, 13, 24, 64}) {
            kernels.push_back(patch_embedding(channels, patch_px));
        }
    }
    for (const std::int64_t channels : {3, 6, 8, 16}) {
        kernels.push_back(neighbourhood(channels));
    }
    kernels.push_back(product(37, 53, 29));
    kernels.push_back(product(6, 192, 8));
    kernels.push_back(product(257, 384, 384));
    return kernels;
}

}  // namespace

KernelCheck try_kernel(const Kernel& kernel, c10::Device device, c10::ScalarType type,
                       double tolerance) {
    const c10::InferenceMode inference;
    const auto* const precision = type == at::kHalf ? "fp16 " : "bf16 ";
    KernelCheck check{concat(precision, kernel.name), 0, tolerance, kernel.is_ours};
    const auto left = random_tensor("left", kernel.left).to(type);
    const auto right = random_tensor("right", kernel.right).to(type);
    try {
        const auto expected = kernel.run(left.to(at::kFloat), right.to(at::kFloat));
        const auto found = kernel.run(left.to(device), right.to(device)).to(at::kCPU, at::kFloat);
        check.difference = ((found - expected).abs().max() / expected.abs().max()).item<double>();
    } catch (const std::exception& error) {
        // LibTorch's messages go on with a trace of calls.
        const std::string text = error.what();
        check.error = text.substr(0, text.find('\n'));
    }
    return check;
}

}  // namespace patchead::inline backbone_detail

namespace patchead {

std::vector<KernelCheck> check_kernels(const std::string& device) {
    // Half of the last of eight bits of a result, and of sums in bf16 some of all their terms.
    const bool sums_in_fp32 = precision_note("bf16", device).empty();
    const double tolerance = sums_in_fp32 ? 1.0 / 128 : 0.2;
    const c10::Device place(device);
    std::vector<KernelCheck> checks;
    for (const auto& kernel : all_kernels()) {
        checks.push_back(try_kernel(kernel, place, at::kBFloat16, tolerance));
        if (place.is_cuda()) { checks.push_back(try_kernel(kernel, place, at::kHalf, tolerance)); }
    }
    return checks;
}

bool passed(const KernelCheck& check) {
    return check.error.empty() && check.difference <= check.tolerance;
}

}  // namespace patchead
