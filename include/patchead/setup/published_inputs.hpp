#pragma once

#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief Inputs of a sweep before anything of it is on disk.

namespace patchead {

/// Samples without files from the published counts of the data sets, and backbones from the table
/// of named ones. Keys made from them name nothing in a store.
/// Throws ConfigError for a data set without published counts or a category that it has not.
[[nodiscard]] SweepInputs published_inputs(const SweepRequest& request);

}  // namespace patchead
