/// \file
/// \brief Vocabularies of text towers, and texts that are taken apart with one.

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "fuzz.hpp"
#include "patchead/backbone/tokenizer.hpp"
#include "text/clean_text.hpp"
#include "text/split_text.hpp"
#include "text/utf8.hpp"
#include "text/vocabulary.hpp"

namespace patchead::fuzz {
namespace {

/// Merges of lines "a b"; a line that is not of this form ends them.
MergeTexts merges_in_text(std::string_view text) {
    MergeTexts merges;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto blank = line.find(' ');
        if (blank == line.npos) { break; }
        merges.emplace_back(line.substr(0, blank), line.substr(blank + 1));
    }
    return merges;
}

/// The files of a vocabulary of these merges, as transformers has them.
VocabularyFiles files_of(std::string_view lines) {
    auto ids = nlohmann::json::object();
    const auto tokens = tokens_of(merges_in_text(lines));
    for (std::size_t id = 0; id < tokens.size(); ++id) { ids[tokens[id]] = id; }
    const auto text = ids.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return {{"vocab.json", text}, {"merges.txt", "#version\n" + std::string(lines)}};
}

/// Merges as upstream finds them: again and again the pair of the lowest rank, everywhere.
std::vector<std::int32_t> slow_tokens(const ByteVocabulary& vocabulary, std::string_view piece) {
    std::vector<std::int32_t> tokens;
    for (const char c : piece) { tokens.push_back(vocabulary.inner[static_cast<std::uint8_t>(c)]); }
    tokens.back() = vocabulary.ending[static_cast<std::uint8_t>(piece.back())];
    for (;;) {
        const TokenMerge* lowest = nullptr;
        TokenPair pair;
        for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
            const auto found = vocabulary.merges.find({tokens[i], tokens[i + 1]});
            if (found == vocabulary.merges.end()) { continue; }
            if (lowest == nullptr || found->second.rank < lowest->rank) {
                lowest = &found->second;
                pair = found->first;
            }
        }
        if (lowest == nullptr) { return tokens; }
        std::vector<std::int32_t> merged;
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const bool fits = i + 1 < tokens.size() && TokenPair{tokens[i], tokens[i + 1]} == pair;
            merged.push_back(fits ? lowest->token : tokens[i]);
            i += fits ? 1 : 0;
        }
        tokens = std::move(merged);
    }
}

constexpr std::string_view kMergesOfTexts =
    "t h\nth e</w>\na a\ni n\na n\no r\nl o\nlo w</w>\ne r</w>\nm a\nma n\nman h\n0 1</w>\ng o\ngo "
    "o\n"
    "goo d</w>\n";

}  // namespace

/// Refused, or a vocabulary that in every other form of it is the same. The first byte says what
/// the rest is: merges, tokenizer.json, vocab.json without merges, or a file of merges alone.
void fuzz_vocabulary(std::string_view input) {
    Draw draw(input);
    const auto kind = draw.byte();
    const std::string rest(draw.rest());
    const auto files = kind == 'm'   ? files_of(rest)
                       : kind == 't' ? VocabularyFiles{{"tokenizer.json", rest}}
                       : kind == 'v' ? VocabularyFiles{{"vocab.json", rest}, {"merges.txt", "#\n"}}
                                     : VocabularyFiles{{"bpe_simple_vocab_16e6.txt.gz", rest}};
    const auto found = result_of([&] { return Tokenizer(files, "a"); });
    if (!found) { return; }
    for (const auto form : {VocabularyForm::vocab_and_merges, VocabularyForm::tokenizer}) {
        const Tokenizer again(found->written_as(form), "again");
        require_property(again.digest() == found->digest() && again.end() == found->end() &&
                             again.start() == found->start() && again.size() == found->size(),
                         "a vocabulary is the same in every form");
    }
}

/// Not UTF-8, or tokens that a slow tokenizer gives, too, and that spell the cleaned text.
void fuzz_text(std::string_view input) {
    static const Tokenizer tokenizer(files_of(kMergesOfTexts), "texts");
    static const auto vocabulary = parse_vocabulary(files_of(kMergesOfTexts), "texts");
    constexpr int context = 77;
    const auto tokens = result_of([&] { return tokenizer.encode(input, context); });
    const auto cleaned = result_of([&] { return cleaned_text(characters_of(input)); });
    require_property(tokens.has_value() == cleaned.has_value(), "both take the text, or neither");
    if (!tokens) { return; }
    require_property(characters_of(to_utf8(*cleaned)) == *cleaned, "what is cleaned is UTF-8");
    const SpecialNames names{U"<start_of_text>", U"<end_of_text>"};
    std::vector<std::int32_t> expected{vocabulary.start};
    std::string spelled;
    for (const auto piece : pieces_of(*cleaned, names)) {
        const auto bytes = to_utf8(piece);
        spelled += bytes;
        if (piece == names[0] || piece == names[1]) {
            expected.push_back(piece == names[0] ? vocabulary.start : vocabulary.end);
            continue;
        }
        const auto slow = slow_tokens(vocabulary, bytes);
        require_property(slow == tokens_of_piece(vocabulary, bytes),
                         "merges are those of upstream");
        expected.insert(expected.end(), slow.begin(), slow.end());
    }
    auto plain = *cleaned;
    std::erase_if(plain, [](char32_t c) { return c == U' ' || c == 0x345; });  // split_text.cpp
    require_property(spelled == to_utf8(plain), "no character is lost or made");
    const bool is_cut = expected.size() >= static_cast<std::size_t>(context);
    expected.resize(std::min<std::size_t>(expected.size(), context - 1));
    expected.push_back(vocabulary.end);
    require_property(tokens->ids == expected && tokens->is_cut == is_cut,
                     "a text has the tokens of its pieces");
}

}  // namespace patchead::fuzz
