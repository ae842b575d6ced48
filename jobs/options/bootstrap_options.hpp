#pragma once

#include <optional>

#include "options/parse_options.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief The options of the bootstrap, for the commands that have one.

namespace patchead {

/// `--bootstrap` (with `resamples` as its default, 0: none) and `--bootstrap-seed`.
void add_bootstrap_options(po::options_description& options, int resamples);

/// Nothing if no resamples are asked for. Throws ConfigError.
[[nodiscard]] std::optional<BootstrapOptions> parse_bootstrap(const po::variables_map& values);

}  // namespace patchead
