#pragma once

#include <string>
#include <vector>

#include "options/parse_options.hpp"
#include "patchead/setup/photo_inputs.hpp"

/// \file
/// \brief The options that decide what photos score: what a model holds.

namespace patchead {

/// Network, detector, alignment, masks and method, as a group of --help.
[[nodiscard]] po::options_description photo_method_group();

/// Names of those that --help shows.
[[nodiscard]] std::vector<std::string> essential_photo_options();

/// Throws ConfigError.
[[nodiscard]] PhotoRequest read_photo_request(const po::variables_map& values);

/// Throws ConfigError if one of them was given that a model decides.
void require_none_of_model(const po::variables_map& values);

/// The option --threshold, which holds one rule or a number.
[[nodiscard]] OptionRow photo_threshold_option(const std::string& standard);
/// Throws ConfigError. Empty: not given.
[[nodiscard]] std::string read_photo_threshold(const po::variables_map& values);

}  // namespace patchead
