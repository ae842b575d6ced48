#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "patchead/backbone/backbone.hpp"

/// \file
/// \brief Where the checkpoint of a named backbone lies on this machine.

namespace patchead {

/// The file named for it in `given`, else its file if that is an absolute path, else its published
/// file name, `NAME.safetensors` or `NAME.pth` in `folder`, else the copy that comes with the
/// program (`find_shipped("backbones", ...)`). Throws WeightsError that says where users get it.
[[nodiscard]] std::filesystem::path find_weights(
    const BackboneEntry& backbone, const std::map<std::string, std::filesystem::path>& given,
    const std::filesystem::path& folder);

}  // namespace patchead
