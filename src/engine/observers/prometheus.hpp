#pragma once

#include <filesystem>
#include <string>

#include "patchead/engine/run_state.hpp"

/// \file
/// \brief The state of a run for Prometheus. Private to the engine layer.

namespace patchead::inline engine_detail {

/// Writes `state` in Prometheus' text format, for the textfile collector of its node exporter.
/// `run`: label of all values, e.g. the output folder.
void write_prometheus(const std::filesystem::path& file, const std::string& run,
                      const RunState& state);

}  // namespace patchead::inline engine_detail
