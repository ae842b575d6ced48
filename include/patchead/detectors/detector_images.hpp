#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/core/images.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/core/tokens.hpp"

/// \file
/// \brief What detectors see of images.

namespace patchead {

/// Embeddings of sentences about the images' class, as the text tower gives them.
/// Shapes: `[sentences, E]` each, of the space that they share with embeddings of images.
struct ClassTexts {
    PlainTensor normal;
    PlainTensor anomalous;
};

/// What a detector sees of some images.
struct DetectorImages {
    std::vector<std::string> ids;
    std::vector<Version> versions{};      ///< Of each row; empty: all are originals.
    std::vector<LayerTokens> layers{};    ///< As `DetectorNeeds::layers` says, ascending.
    std::vector<float> image_tokens{};    ///< Shape `[n, E]`; empty unless asked for.
    MapSize input{};                      ///< What the network saw, px: the size of published maps.
    std::vector<WindowTokens> windows{};  ///< As `DetectorNeeds::windows` says.
    ClassTexts texts{};                   ///< If wanted.

    [[nodiscard]] std::size_t images() const { return ids.size(); }
};

/// References that are read part by part: those of a whole training set may be more than memory
/// holds.
class ReferenceSource {
  public:
    ReferenceSource() = default;
    ReferenceSource(const ReferenceSource&) = delete;
    ReferenceSource& operator=(const ReferenceSource&) = delete;
    ReferenceSource(ReferenceSource&&) = delete;
    ReferenceSource& operator=(ReferenceSource&&) = delete;
    virtual ~ReferenceSource() = default;

    [[nodiscard]] virtual std::size_t images() const = 0;
    /// References `[first, first + count)`, with all that the detector needs.
    [[nodiscard]] virtual DetectorImages read(std::size_t first, std::size_t count) const = 0;
    /// The same of one layer alone, by its place among those that are needed, without tokens of
    /// images.
    [[nodiscard]] virtual DetectorImages read_layer(std::size_t layer, std::size_t first,
                                                    std::size_t count) const = 0;
};

}  // namespace patchead
