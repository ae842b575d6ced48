#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "patchead/backbone/kernels.hpp"
#include "patchead/backbone/verify.hpp"
#include "patchead/setup/selftest.hpp"

/// \file
/// \brief The parts of a selftest. Private to the setup layer.

namespace patchead::inline setup_detail {

/// What a fixture's network gave in `precision` on `device`. In fp32 within 1e-4 of its scale, in
/// lower precision by the mean cosine.
[[nodiscard]] SelftestCheck judge_network(const VerifyCase& result, const std::string& precision,
                                          const std::string& device);

/// Matching on the CPU, screened in fp32 and bf16, and by the code for GPUs on `device`: the bits
/// that the file `fixture` has. Appends the bits to `bits`.
[[nodiscard]] SelftestCheck check_match(const std::filesystem::path& fixture,
                                        const std::string& device, std::string& bits);

[[nodiscard]] SelftestCheck judge_kernels(std::span<const KernelCheck> kernels);

}  // namespace patchead::inline setup_detail
