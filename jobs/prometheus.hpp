#pragma once

#include <filesystem>
#include <string>

#include "run_state.hpp"

/// \file
/// \brief The state of a run for Prometheus.

namespace patchead {

/// Writes `state` in Prometheus' text format, for the textfile collector of its node exporter.
/// `run`: label of all values, e.g. the output folder.
void write_prometheus(const std::filesystem::path& file, const std::string& run,
                      const RunState& state);

}  // namespace patchead
