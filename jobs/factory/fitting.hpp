#pragma once

#include <string>
#include <vector>

#include "patchead/cache/model_file.hpp"
#include "patchead/pipeline/photo_scorer.hpp"
#include "patchead/ranks/communicator.hpp"
#include "patchead/setup/photo_inputs.hpp"

/// \file
/// \brief What `fit`, and `score --normal`, do first.

namespace patchead {

void print_notes(const std::vector<std::string>& notes);

/// A model, and what scores by it.
struct FittedScorer {
    ModelFile model;
    PhotoScorer scorer;
};

/// The model of the photos in `normal`; what was left out is printed.
[[nodiscard]] FittedScorer fit_photos(const PhotoRequest& request,
                                      const std::vector<std::string>& normal,
                                      const Resources& resources, const Communicator& world);

/// Says how photos in `images`, of which nothing is known, compare with the normal ones: whether
/// the model can be trusted where they come from. Throws DataError if there is none to be read.
void try_photos(FittedScorer& fitted, const PhotoRequest& request,
                const std::vector<std::string>& images);

/// Says what `model` is worth, which lies in `file` now.
void print_model(const ModelFile& model, const std::string& file);

}  // namespace patchead
