#pragma once

#include <filesystem>
#include <string>

#include "sweep_options.hpp"

/// \file
/// \brief Names of what a run leaves in its output folder beside the results.

namespace patchead {

/// `run.json`, or `run.<name>.json` of an array task.
[[nodiscard]] std::filesystem::path state_file(const SweepOptions& options);
[[nodiscard]] std::filesystem::path trace_file(const SweepOptions& options);
[[nodiscard]] std::filesystem::path profile_file(const SweepOptions& options);
[[nodiscard]] std::filesystem::path log_file(const SweepOptions& options, int rank);

/// The id of an image, "screw/test/scratch_neck/003", as the stem of a file name.
[[nodiscard]] std::string file_stem(std::string id);

}  // namespace patchead
