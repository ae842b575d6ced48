#pragma once

#include <filesystem>

#include "patchead/engine/engine_settings.hpp"
#include "patchead/engine/run_sweep.hpp"

/// \file
/// \brief Names of what a run leaves in its output folder beside the results. Private
/// to the engine layer.

namespace patchead::inline engine_detail {

[[nodiscard]] std::filesystem::path trace_file(const EngineSettings& settings);
/// How long queries of detectors took.
[[nodiscard]] std::filesystem::path timings_file(const EngineSettings& settings);
[[nodiscard]] std::filesystem::path profile_file(const EngineSettings& settings);
[[nodiscard]] std::filesystem::path log_file(const EngineSettings& settings, int rank);

}  // namespace patchead::inline engine_detail
