#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/tokenizer.hpp"

/// \file
/// \brief From texts to embeddings in the space that they share with those of images: the text
/// tower of CLIP and its kin.

namespace patchead {

/// Facts about a loaded text tower.
struct TextInfo {
    std::string family;  ///< Of the checkpoint: "open_clip", ...
    std::string layout;  ///< Key layout found in the file: "official" or "transformers".
    int width = 0;       ///< Channels inside the network.
    int dim = 0;         ///< Of the space shared with images.
    int depth = 0;
    int heads = 0;
    int context = 0;     ///< Most tokens of a text, start and end included.
    int vocabulary = 0;  ///< Tokens.
    std::int64_t parameters = 0;
    /// By what images' similarities were multiplied in training; nothing if the file does not say.
    std::optional<double> logit_scale;
    /// Named options, also those not given, that determine embeddings of texts.
    std::map<std::string, std::string> options;
};

/// Embeddings of texts, as the network gives them: not divided by their length.
/// Shape: `features[n, dim]`.
struct TextEmbeddings {
    int dim = 0;
    std::vector<float> features;
};

/// A text tower with its weights, ready to use.
class TextEncoder {
  public:
    virtual ~TextEncoder() = default;

    /// A text's embedding does not depend on the others; on a CPU to the last bit.
    /// Throws ConfigError for a text without a token, with more than `context` or with an id that
    /// the network has none of.
    [[nodiscard]] virtual TextEmbeddings embed(std::span<const TextTokens> texts) const = 0;

    [[nodiscard]] virtual const TextInfo& info() const = 0;
};

/// Whether the checkpoint `file` of this backbone brings a text tower of a layout that is known.
[[nodiscard]] bool brings_text(const BackboneEntry& entry, const std::filesystem::path& file,
                               const LoadOptions& options);

/// The text tower in a checkpoint of `family`, whose options count for both towers ("activation");
/// "text_heads" are the heads of this one (else 64 channels make a head).
/// Throws ConfigError for a family that has none, an unknown option, device or precision;
/// WeightsError as `load_backbone`, also if the file brings images only.
[[nodiscard]] std::unique_ptr<const TextEncoder> load_text_encoder(
    std::string_view family, const std::filesystem::path& file, const LoadOptions& options);

/// The same for a named backbone.
[[nodiscard]] std::unique_ptr<const TextEncoder> load_text_encoder(
    const BackboneEntry& entry, const std::filesystem::path& file, const LoadOptions& options);

/// Throws WeightsError unless vocabulary and network have as many tokens. `file` is the
/// vocabulary's, for the message.
void require_fitting(const Tokenizer& tokenizer, const TextInfo& info,
                     const std::filesystem::path& file);

}  // namespace patchead
