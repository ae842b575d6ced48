#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief What the command line says about backbones one by one.

namespace patchead {

/// Words NAME=FILE. Throws ConfigError for another form.
[[nodiscard]] WeightFiles parse_weights(const std::vector<std::string>& words);

/// Words NAME:OPTION=VALUE. Throws ConfigError for another form.
[[nodiscard]] BackboneOptions parse_backbone_options(const std::vector<std::string>& words);

/// The same of detectors. Throws ConfigError for another form.
[[nodiscard]] std::map<std::string, std::map<std::string, std::string>> parse_detector_options(
    const std::vector<std::string>& words);

}  // namespace patchead
