#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/core/key.hpp"

/// \file
/// \brief Embeddings of texts as artifacts of the store.

namespace patchead {

/// Sentences about a class, and what embeds them.
struct PlannedTexts {
    /// Everything that determines a text tower: family, weights digest, named options, precision.
    std::map<std::string, std::string> tower;
    std::string vocabulary;  ///< Its digest, which is that of all its forms.
    std::vector<std::string> normal;
    std::vector<std::string> anomalous;
};

/// What determines the embeddings: classes and prompt sets only by the sentences that they make,
/// so that what says the same is embedded once.
[[nodiscard]] ArtifactKey text_key(const PlannedTexts& texts);

}  // namespace patchead
