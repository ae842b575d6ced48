#pragma once

#include <string>
#include <vector>

#include "patchead/cache/model_file.hpp"
#include "patchead/ranks/communicator.hpp"
#include "patchead/setup/photo_inputs.hpp"

/// \file
/// \brief What `fit`, and `score --normal`, do first.

namespace patchead {

void print_notes(const std::vector<std::string>& notes);

/// The model of the photos in `normal`; what was left out is printed.
[[nodiscard]] ModelFile fit_photos(const PhotoRequest& request,
                                   const std::vector<std::string>& normal,
                                   const Resources& resources, const Communicator& world);

/// Says what `model` is worth, which lies in `file` now.
void print_model(const ModelFile& model, const std::string& file);

}  // namespace patchead
