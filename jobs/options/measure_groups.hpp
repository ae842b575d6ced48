#pragma once

#include <string>
#include <vector>

#include "options/parse_options.hpp"

/// \file
/// \brief The options of `patchead measure`, as --help has them.

namespace patchead {

/// Options of the method on which a measurement depends: those of metrics, and how images are
/// resized, of which the size of a mask depends.
[[nodiscard]] const std::vector<std::string>& measured_method_options();

/// All options, in their groups.
[[nodiscard]] po::options_description measure_option_groups();

}  // namespace patchead
