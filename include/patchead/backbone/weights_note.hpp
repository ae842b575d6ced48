#pragma once

#include <filesystem>
#include <string>

#include "patchead/backbone/backbone.hpp"

/// \file
/// \brief What a user should know of a checkpoint file beside its network.

namespace patchead {

/// Which of several networks in `file` is used, and tensors of it that are not; empty if there is
/// nothing to say, as of a published file. Throws as `load_backbone`.
[[nodiscard]] std::string weights_note(const BackboneEntry& entry,
                                       const std::filesystem::path& file,
                                       const LoadOptions& options);

}  // namespace patchead
