#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "patchead/core/key.hpp"

/// \file
/// \brief Units of detectors that are not PatchEAD. Pure values.

namespace patchead {

/// Place of an image's features: which embed unit, which row of its block.
struct ImageRef {
    std::size_t embed = 0;
    std::size_t row = 0;
};

/// References become a detector's model.
struct FitUnit {
    std::size_t detector = 0;
    std::uint64_t seed = 0;
    std::vector<ImageRef> references;  ///< Prompts, each followed by the copies that it wants.
    ArtifactKey key{};
};

/// A detector's scores of some images: by a model, or against each other.
struct DetectUnit {
    std::size_t detector = 0;
    std::optional<std::size_t> fit;  ///< Nothing: `queries` are a batch.
    std::vector<ImageRef> queries;
    std::size_t owned = 0;  ///< The first `owned` are scored; of a batch the rest only help.
    ArtifactKey key{};
};

}  // namespace patchead
