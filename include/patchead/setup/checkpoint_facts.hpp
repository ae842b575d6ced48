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

/// Loads a file, the text tower in it and the vocabulary beside it, and says what they are.
/// Throws as `load_backbone`, `load_text_encoder` and `read_tokenizer`; WeightsError also for a
/// vocabulary of another size.
[[nodiscard]] std::vector<CheckpointFact> describe_checkpoint(const BackboneEntry& entry,
                                                              const std::filesystem::path& file);

}  // namespace patchead
