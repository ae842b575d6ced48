#pragma once

#include <string>

#include "commands.hpp"

/// \file
/// \brief What the sub-commands of `patchead datasets` share.

namespace patchead {

/// Writes `text` to `file`, whole or not at all, or to the standard output if `file` is "-".
void write_output(const std::string& file, const std::string& text);

[[nodiscard]] int run_datasets_check(const Arguments& arguments);

}  // namespace patchead
