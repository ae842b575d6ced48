#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "patchead/backbone/tokenizer.hpp"

/// \file
/// \brief A byte-pair vocabulary of CLIP's kind.
///
/// Each byte is written as a printable character; a token is a text of them, with "</w>" behind if
/// it ends a word. What tokens a word has follows from the merges: pairs of tokens that become one,
/// the first ones first.
/// Source: openai/CLIP, simple_tokenizer.py; mlfoundations/open_clip, tokenizer.py.

namespace patchead::inline backbone_detail {

/// Two tokens, by their ids.
struct TokenPair {
    std::int32_t left = 0;
    std::int32_t right = 0;

    friend bool operator==(const TokenPair&, const TokenPair&) = default;
};

struct TokenPairHash {
    std::size_t operator()(const TokenPair& pair) const {
        const auto high = static_cast<std::uint64_t>(static_cast<std::uint32_t>(pair.left));
        const auto both = high << 32 | static_cast<std::uint32_t>(pair.right);
        return std::hash<std::uint64_t>{}(both * 0x9E3779B97F4A7C15U);
    }
};

struct TokenMerge {
    std::int32_t rank = 0;
    std::int32_t token = 0;  ///< That the pair becomes.
};

/// Merges as a file has them: two tokens each.
using MergeTexts = std::vector<std::pair<std::string, std::string>>;

struct ByteVocabulary {
    std::vector<std::string> tokens;         ///< By id.
    std::array<std::int32_t, 256> inner{};   ///< The token of each byte.
    std::array<std::int32_t, 256> ending{};  ///< Of each byte that ends a word.
    std::vector<TokenPair> order;            ///< Merges by rank.
    std::unordered_map<TokenPair, TokenMerge, TokenPairHash> merges;
    std::int32_t start = 0;  ///< Of a text.
    std::int32_t end = 0;
};

/// How each byte is written, and the order in which CLIP counts them.
struct ByteSymbols {
    std::array<std::string, 256> of_byte;
    std::vector<std::uint8_t> order;
};

[[nodiscard]] const ByteSymbols& byte_symbols();

inline constexpr std::string_view kEndOfWord = "</w>";

/// Merges of CLIP's own vocabulary, which has 49408 tokens.
inline constexpr std::size_t kMergesOfClip = 48894;

/// The names of start and end of a text, in both spellings.
inline constexpr std::array<std::string_view, 2> kStartNames{"<|startoftext|>", "<start_of_text>"};
inline constexpr std::array<std::string_view, 2> kEndNames{"<|endoftext|>", "<end_of_text>"};

/// Tokens of bytes, of bytes that end words, of merges, start and end: CLIP's rule.
[[nodiscard]] std::vector<std::string> tokens_of(const MergeTexts& merges);

/// Throws WeightsError that names `place` unless the tokens are those of all bytes, of all merges,
/// and start and end, the end last.
[[nodiscard]] ByteVocabulary make_vocabulary(std::vector<std::string> tokens,
                                             const MergeTexts& merges, const std::string& place);

/// The vocabulary in `files`. Throws WeightsError as Tokenizer.
[[nodiscard]] ByteVocabulary parse_vocabulary(const VocabularyFiles& files,
                                              const std::string& place);

/// The tokens of a piece of text, whose bytes these are, none of them empty.
/// Cost: n log n for n bytes.
[[nodiscard]] std::vector<std::int32_t> tokens_of_piece(const ByteVocabulary& vocabulary,
                                                        std::string_view piece);

}  // namespace patchead::inline backbone_detail

namespace patchead {

struct Tokenizer::Tables {
    ByteVocabulary vocabulary;
    std::string digest;
};

}  // namespace patchead
