#pragma once

#include "command.hpp"

/// \file
/// \brief Names, defaults and help of the options of `patchead sweep`.

namespace patchead {

/// With `ablates`, those of `patchead ablate`.
[[nodiscard]] po::options_description sweep_option_list(bool ablates);

}  // namespace patchead
