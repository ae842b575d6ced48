#include "patchead/pipeline/embed_texts.hpp"

#include <utility>
#include <vector>

#include "patchead/backbone/text.hpp"

namespace patchead {
namespace {

std::unique_ptr<const TextEncoder> load_tower(const TextSource& source) {
    const auto& checkpoint = source.checkpoint;
    return load_text_encoder(checkpoint.family, checkpoint.weights, checkpoint.options);
}

/// Shape: `[sentences, dim]`.
PlainTensor embedded(const TextEncoder& tower, const Tokenizer& tokenizer,
                     const std::vector<std::string>& sentences) {
    std::vector<TextTokens> tokens;
    tokens.reserve(sentences.size());
    for (const auto& sentence : sentences) {
        tokens.push_back(tokenizer.encode(sentence, tower.info().context));
    }
    auto embeddings = tower.embed(tokens);
    return {{static_cast<std::int64_t>(sentences.size()), embeddings.dim},
            std::move(embeddings.features)};
}

}  // namespace

std::map<std::string, std::string> tower_identity(const TextSource& source,
                                                  const std::string& weights) {
    const auto info = load_tower(source)->info();
    std::map<std::string, std::string> identity{{"family", info.family},
                                                {"weights", weights},
                                                {"precision", source.checkpoint.options.precision},
                                                {"device", source.checkpoint.options.device}};
    for (const auto& [name, value] : info.options) { identity["option." + name] = value; }
    return identity;
}

NamedTensors embed_texts(const Store& store, const TextSource& source, const PlannedTexts& texts,
                         const Provenance& provenance) {
    const auto key = text_key(texts);
    if (store.contains(key)) {
        return read_or_quarantine(store, key, [&] { return store.read_model(key); });
    }
    const auto tower = load_tower(source);
    const auto tokenizer = read_tokenizer(source.vocabulary);
    require_fitting(tokenizer, tower->info(), source.vocabulary);
    NamedTensors arrays{{"normal", embedded(*tower, tokenizer, texts.normal)},
                        {"anomalous", embedded(*tower, tokenizer, texts.anomalous)}};
    store.write(key, arrays, provenance);
    return arrays;
}

TextEmbedder texts_by(const Store& store, const std::vector<BackboneSource>& sources,
                      const Provenance& provenance) {
    return [&](const PlannedTexts& texts, std::size_t backbone) {
        const auto& source = sources[backbone];
        return embed_texts(store, {source, source.vocabulary}, texts, provenance);
    };
}

}  // namespace patchead
