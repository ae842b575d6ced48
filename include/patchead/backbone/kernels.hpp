#pragma once

#include <string>
#include <vector>

/// \file
/// \brief Do LibTorch's kernels of low precision compute what they should on this machine?

namespace patchead {

/// A kernel in low precision against the same in float32, on the same rounded inputs.
struct KernelCheck {
    std::string name;       ///< "bf16 conv2d 3 -> 6 channels, 4 x 4 px".
    double difference = 0;  ///< Largest one, divided by the largest value; NaN if there is one.
    double tolerance = 0;   ///< What rounding explains.
    bool is_ours = true;    ///< Networks of this program use such a kernel.
    std::string error{};    ///< Why it could not be run; empty if it ran.
};

/// Convolutions as networks embed patches and matrix products, with even and odd numbers of
/// channels, in bf16 (on a GPU in fp16, too) on `device` ("cpu", "cuda:N"). Takes milliseconds.
/// LibTorch 2.6's oneDNN, for one, computes bf16 convolutions to 6 and 8 channels wrongly on some
/// CPUs: networks of this program have no such kernel, modules of a user's own ("torchscript:")
/// may.
[[nodiscard]] std::vector<KernelCheck> check_kernels(const std::string& device);

[[nodiscard]] bool passed(const KernelCheck& check);

}  // namespace patchead
