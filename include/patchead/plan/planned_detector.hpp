#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "patchead/core/layer_list.hpp"
#include "patchead/core/options.hpp"

/// \file
/// \brief A detector as the plan needs it. Pure values: what detectors are, no plan knows.

namespace patchead {

/// What a detector wants of an encoder and of the prompts.
struct PlannedNeeds {
    LayerList layers;
    bool final_norm = true;    ///< Whether tokens of layers go through the network's final norm.
    bool image_token = false;  ///< Whether embeddings of whole images are wanted.
    ReferenceCopies copies = ReferenceCopies::none;  ///< Rows beside each prompt.
    int turns = 0;                                   ///< The same: so many turns, evenly spaced.
    std::vector<int> windows{};  ///< Sides of windows of which embeddings are wanted, ascending.
    std::string prompts{};       ///< Prompt set of sentences about the class; empty: none.
    bool projected = false;      ///< Whether tokens of layers are projected.
};

/// A detector with its options as text: all of them, but for some at their default.
struct DetectorSettings {
    std::map<std::string, std::string> options;
    std::optional<PlannedNeeds> few_shot;                   ///< Nothing: it has no such mode.
    std::optional<PlannedNeeds> zero_shot;                  ///< Batch zero-shot.
    Interpolation interpolation = Interpolation::bilinear;  ///< Of its maps, as published.
    double smooth_sigma_px = 0;
    bool draws = false;  ///< Whether models depend on the seed, with these options.

    [[nodiscard]] const std::optional<PlannedNeeds>& needs(Setting setting) const {
        return setting == Setting::few_shot ? few_shot : zero_shot;
    }
};

/// A detector of a sweep.
struct PlannedDetector {
    std::string name;            ///< As results call it: "musc", or "musc:published".
    std::string method;          ///< The detector's own name.
    bool draws = true;           ///< Whether keys of its models have the seed, in any case.
    bool published_maps = true;  ///< Whether its maps are made as published, or as all are.
    DetectorSettings common{};   ///< Of data sets that have no own.
    /// By data set, or by "dataset/category", which wins.
    std::map<std::string, DetectorSettings> own{};

    [[nodiscard]] const DetectorSettings& settings(const std::string& dataset,
                                                   const std::string& category) const;
    /// Whether models of any data set depend on the seed.
    [[nodiscard]] bool draws_anywhere() const;
};

/// The number of PatchEAD itself: it has no units of its own, and no options but the method's.
inline constexpr std::size_t kPatchEad = 0;

}  // namespace patchead
