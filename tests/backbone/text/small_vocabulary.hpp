#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "backbone/text/vocabulary.hpp"

/// \file
/// \brief Vocabularies of a few merges.

namespace patchead::test {

inline std::string merges_file(const MergeTexts& merges) {
    std::string text = "#version: 0.2\n";
    for (const auto& [left, right] : merges) { text += left + " " + right + "\n"; }
    return text;
}

/// `vocab.json` and `merges.txt`, by CLIP's rule.
inline VocabularyFiles vocabulary_of(const MergeTexts& merges) {
    auto ids = nlohmann::json::object();
    for (const auto& token : tokens_of(merges)) { ids.emplace(token, ids.size()); }
    return {{"vocab.json", ids.dump()}, {"merges.txt", merges_file(merges)}};
}

/// As many merges as CLIP has, each of two bytes.
inline MergeTexts as_many_merges_as_clip() {
    MergeTexts merges;
    const auto& symbols = byte_symbols().of_byte;
    for (std::size_t i = 0; merges.size() < kMergesOfClip; ++i) {
        merges.emplace_back(symbols[i / 256], symbols[i % 256]);
    }
    return merges;
}

}  // namespace patchead::test
