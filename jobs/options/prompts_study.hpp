#pragma once

#include "options/parse_options.hpp"

/// \file
/// \brief `--prompts-study`, a word for other options.

namespace patchead {

/// Its row in the table of options.
[[nodiscard]] OptionRow prompts_study_option();

/// `values` with `--prompts-study` put as the `--shots` that it stands for.
/// Throws ConfigError if there are grid files, which have shots of their own.
[[nodiscard]] po::variables_map with_prompts_study(po::variables_map values);

}  // namespace patchead
