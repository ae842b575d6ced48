#pragma once

#include <filesystem>

#include "sweep_options.hpp"

/// \file
/// \brief Names of what a run leaves in its output folder beside the results.

namespace patchead {

/// `run.json`, or `run.<name>.json` of an array task.
[[nodiscard]] std::filesystem::path state_file(const SweepOptions& options);
[[nodiscard]] std::filesystem::path trace_file(const SweepOptions& options);
[[nodiscard]] std::filesystem::path log_file(const SweepOptions& options, int rank);

}  // namespace patchead
