#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/parse_options.hpp"
#include "patchead/engine/engine_settings.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief The options of `patchead sweep`, and of the commands that take them all, parsed and
/// checked.

namespace patchead {

/// What the command line and the config files said.
struct SweepOptions {
    SweepRequest request;
    EngineSettings settings;
};

/// All options of a sweep, in the groups of --help.
[[nodiscard]] po::options_description sweep_option_groups();

/// Throws ConfigError.
[[nodiscard]] SweepOptions read_sweep_options(const po::variables_map& values);

/// Arguments that keep pictures and tokens out of a sweep of reductions.
[[nodiscard]] std::vector<std::string> without_pictures();

/// A command line of `sweep` itself; nothing if it asked for help, which is printed then.
/// Throws ConfigError.
[[nodiscard]] std::optional<SweepOptions> parse_sweep_options(
    const std::vector<std::string>& arguments);

}  // namespace patchead
