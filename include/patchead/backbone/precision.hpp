#pragma once

#include <string>
#include <vector>

/// \file
/// \brief What to know about numbers of a precision on a device.

namespace patchead {

/// Precisions that networks can have on `device` ("cpu", "cuda:N"), float32 first.
[[nodiscard]] std::vector<std::string> precisions_on(const std::string& device);

/// For the user, what is not as it should be with networks of `precision` on `device`; empty if
/// nothing is. On CPUs without AVX-512 (BW, VL and DQ) LibTorch sums products of bf16 in bf16,
/// where others, and GPUs, sum in fp32: embeddings are less exact then, and slower than in fp32.
[[nodiscard]] std::string precision_note(const std::string& precision, const std::string& device);

}  // namespace patchead
