#pragma once

#include <filesystem>
#include <string>

#include "patchead/core/types.hpp"

/// \file
/// \brief Two images beside each other, for the eye.

namespace patchead {

/// Two images, each with a line of its own below, as a PNG file, whole or not at all.
void write_image_pair(const std::filesystem::path& path, const Image& one,
                      const std::string& caption_of_one, const Image& other,
                      const std::string& caption_of_other);

}  // namespace patchead
