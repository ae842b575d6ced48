#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// \file
/// \brief What a GPU is and has. Its driver is asked by name, so that the program needs no CUDA to
/// be built.

namespace patchead {

/// The model of a device ("cuda" or "cuda:N"), e.g. "NVIDIA H200"; its name here if the driver does
/// not say. Empty for a CPU.
[[nodiscard]] std::string gpu_name(const std::string& device);

/// Bytes that are free on it; nothing for a CPU, or if the driver does not say.
[[nodiscard]] std::optional<std::int64_t> free_gpu_memory(const std::string& device);

/// Bytes of its second-level cache; 0 for a CPU, or if the driver does not say.
[[nodiscard]] std::int64_t gpu_cache(const std::string& device);

}  // namespace patchead
