#pragma once

#include <vector>

#include "options/parse_options.hpp"
#include "patchead/setup/photo_inputs.hpp"

/// \file
/// \brief What the commands about photos have in common.

namespace patchead {

/// `syntax` with its own `rows`, those that decide scores, and those of the machine.
[[nodiscard]] CommandSyntax with_photo_groups(CommandSyntax syntax,
                                              const std::vector<OptionRow>& rows);

[[nodiscard]] Resources read_photo_resources(const po::variables_map& values);

}  // namespace patchead
