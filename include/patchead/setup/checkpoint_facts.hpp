#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/backbone/backbone.hpp"

/// \file
/// \brief What a checkpoint file brings.

namespace patchead {

struct CheckpointFact {
    std::string label;  ///< "loaded", "text", "vocabulary", "note"; empty: of the one before.
    std::string text;
};

/// Loads a file, the text tower in it and its vocabulary, which is `vocabulary` (a file or a
/// folder) or, if that is empty, beside it, and says what they are.
/// Throws as `load_backbone`, `load_text_encoder`, `find_vocabulary` of a named one and
/// `read_tokenizer`; WeightsError also for a vocabulary of another size.
[[nodiscard]] std::vector<CheckpointFact> describe_checkpoint(
    const BackboneEntry& entry, const std::filesystem::path& file,
    const std::filesystem::path& vocabulary);

}  // namespace patchead
