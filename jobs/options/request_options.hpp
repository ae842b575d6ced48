#pragma once

#include <map>
#include <string>

#include "options/parse_options.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief The options that say which images, networks and prompts a sweep is about.

namespace patchead {

/// Their group in --help.
[[nodiscard]] po::options_description request_option_group();

/// Fills all of `request` but points, method and config. Throws ConfigError.
void read_request(const po::variables_map& values, SweepRequest& request);

/// The given ones on which numbers depend, those of the grid, too: option and text.
[[nodiscard]] std::map<std::string, std::string> request_config(const po::variables_map& values);

}  // namespace patchead
