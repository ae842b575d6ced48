#pragma once

#include "options/parse_options.hpp"
#include "patchead/setup/photo_inputs.hpp"

/// \file
/// \brief What of the options of the engine holds for photos, too.

namespace patchead {

[[nodiscard]] po::options_description photo_resource_group();
/// Throws ConfigError.
[[nodiscard]] Resources read_photo_resources(const po::variables_map& values);

}  // namespace patchead
