#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/plan/text_key.hpp"

/// \file
/// \brief Sentences about classes through a text tower, by way of the store.

namespace patchead {

/// Where texts come from: a checkpoint with a text tower and its vocabulary.
struct TextSource {
    BackboneSource checkpoint;
    std::filesystem::path vocabulary;  ///< As `find_vocabulary` gives it.
};

/// A text tower's part of the key: its checkpoint, its options, device and precision.
/// `weights` is the digest of the checkpoint. Throws as `load_text_encoder`.
[[nodiscard]] std::map<std::string, std::string> tower_identity(const TextSource& source,
                                                                const std::string& weights);

/// Embeddings of the sentences, as the network gives them: arrays "normal" and "anomalous"
/// `[sentences, dim]`. Read from the store; made, and written there with `provenance`, if they are
/// not in it. Throws as `load_text_encoder`, `read_tokenizer` and the store.
[[nodiscard]] NamedTensors embed_texts(const Store& store, const TextSource& source,
                                       const PlannedTexts& texts, const Provenance& provenance);

/// Embeddings of sentences by the tower of the backbone with this number.
using TextEmbedder = std::function<NamedTensors(const PlannedTexts& texts, std::size_t backbone)>;

/// As `embed_texts`: whoever needs texts first makes them, since they are few, and have the same
/// bits from whatever rank. Arguments must outlive it.
[[nodiscard]] TextEmbedder texts_by(const Store& store, const std::vector<BackboneSource>& sources,
                                    const Provenance& provenance);

}  // namespace patchead
