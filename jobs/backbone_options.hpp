#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "command.hpp"

/// \file
/// \brief What the command line says about backbones one by one.

namespace patchead {

/// By the name of the backbone.
using WeightFiles = std::map<std::string, std::filesystem::path>;
using BackboneOptions = std::map<std::string, std::map<std::string, std::string>>;

/// Option `weights`: words NAME=FILE. Throws ConfigError for another form.
[[nodiscard]] WeightFiles parse_weights(const po::variables_map& values);

/// Option `backbone-option`: words NAME:OPTION=VALUE. Throws ConfigError for another form.
[[nodiscard]] BackboneOptions parse_backbone_options(const po::variables_map& values);

}  // namespace patchead
