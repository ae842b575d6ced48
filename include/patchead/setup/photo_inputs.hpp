#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/cache/model_file.hpp"
#include "patchead/setup/sweep_inputs.hpp"

/// \file
/// \brief What `fit` and `score` start from: normal photos, or a model of them.

namespace patchead {

/// What a user asks of photos.
struct PhotoRequest {
    SweepRequest sweep{};   ///< One grid with one point, whose shots are all normal photos.
    std::string category;   ///< What detectors that compare with sentences call the object.
    bool upright = true;    ///< Whether Exif orientations are applied.
    std::string threshold;  ///< As --threshold has it.
};

/// Normal photos.
struct NormalPhotos {
    std::vector<Sample> samples{};     ///< In bytewise order of their names, with their bytes.
    std::vector<std::string> notes{};  ///< What was left out, and why.
};

/// The photos in `places`, folders (without what lies in folders within these) and files. One that
/// cannot be read, or that is there twice, is left out and told. Throws DataError if none is left.
[[nodiscard]] NormalPhotos read_normal_photos(const std::vector<std::string>& places,
                                              const PhotoRequest& request);

/// The normal photos of a model, those with bytes that it holds the bytes of.
[[nodiscard]] std::vector<Sample> photos_of_model(const ModelFile& model,
                                                  const PhotoRequest& request);

/// The networks of `request`; the samples are `prompts`. Throws as `find_inputs`.
[[nodiscard]] SweepFindings find_photo_inputs(const PhotoRequest& request,
                                              const std::vector<Sample>& prompts,
                                              const Resources& resources, const Provenance& facts);

/// What a model holds beside what was fitted: options, network and where its weights lie.
[[nodiscard]] std::map<std::string, std::string> model_facts(const PhotoRequest& request,
                                                             const SweepFindings& findings);

/// The options that `model` was made with, as lines of a config file. Throws DamagedError that
/// names `file` if there are none.
[[nodiscard]] std::string model_config(const ModelFile& model, const std::string& file);

/// Lets `request` find the weights where the model's were, unless the user names others, and the
/// network be where the model's was: on the CPU or on a GPU. Throws ConfigError if `resources` ask
/// for the other.
void use_network_of(const ModelFile& model, PhotoRequest& request, Resources& resources);

/// Throws WeightsError if the network in `findings` is not the one that `model` was made with.
void require_network_of(const ModelFile& model, const std::string& file,
                        const SweepFindings& findings);

}  // namespace patchead
