#include "patchead/backbone/tokenizer.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "patchead/core/bounded_files.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "text/clean_text.hpp"
#include "text/split_text.hpp"
#include "text/utf8.hpp"
#include "text/vocabulary.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr auto kVocabularyNames = std::to_array<const char*>(
    {"bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt", "tokenizer.json", "vocab.json"});
constexpr SpecialNames kOpenClipNames{U"<start_of_text>", U"<end_of_text>"};
constexpr SpecialNames kOpenaiNames{U"<|startoftext|>", U"<|endoftext|>"};

/// Tokens and merges as text; how start and end are spelled does not count.
std::string vocabulary_digest(const ByteVocabulary& vocabulary) {
    Sha256 digest;
    for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
        const auto number = static_cast<std::int32_t>(id);
        const bool is_special = number == vocabulary.start || number == vocabulary.end;
        digest.update(is_special ? number == vocabulary.start ? "start" : "end"
                                 : std::string_view(vocabulary.tokens[id]));
        digest.update("\n");
    }
    for (const auto& [left, right] : vocabulary.order) {
        digest.update(concat(left, " ", right, "\n"));
    }
    return digest.hex();
}

/// "#version: 0.2" and a line for each merge.
std::string lines_of_merges(const ByteVocabulary& vocabulary) {
    std::string text = "#version: 0.2\n";
    for (const auto& [left, right] : vocabulary.order) {
        text += concat(vocabulary.tokens[static_cast<std::size_t>(left)], " ",
                       vocabulary.tokens[static_cast<std::size_t>(right)], "\n");
    }
    return text;
}

nlohmann::json ids_by_token(const ByteVocabulary& vocabulary) {
    auto ids = nlohmann::json::object();
    for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
        ids[vocabulary.tokens[id]] = id;
    }
    return ids;
}

/// As transformers' fast tokenizers keep it; of how they clean texts there is nothing in it here.
nlohmann::json tokenizer_json(const ByteVocabulary& vocabulary) {
    auto merges = nlohmann::json::array();
    for (const auto& [left, right] : vocabulary.order) {
        merges.push_back({vocabulary.tokens[static_cast<std::size_t>(left)],
                          vocabulary.tokens[static_cast<std::size_t>(right)]});
    }
    return {{"model",
             {{"type", "BPE"},
              {"end_of_word_suffix", kEndOfWord},
              {"vocab", ids_by_token(vocabulary)},
              {"merges", merges}}}};
}

std::u32string checked_characters(std::string_view text) {
    require<DataError>(text.size() <= kMostTextBytes, "a text of ", text.size(),
                       " bytes (a text tower reads a sentence); give at most ", kMostTextBytes);
    return characters_of(text);
}

}  // namespace

Tokenizer::Tokenizer(const VocabularyFiles& files, const std::string& place) {
    auto tables = std::make_shared<Tables>();
    tables->vocabulary = parse_vocabulary(files, place);
    tables->digest = vocabulary_digest(tables->vocabulary);
    tables_ = std::move(tables);
}

TextTokens Tokenizer::encode(std::string_view text, int context, SpecialTokens special) const {
    require<ConfigError>(context >= 2, "a context of ", context,
                         " tokens (start and end of a text are two); give more");
    const auto& vocabulary = tables_->vocabulary;
    const auto& names = special == SpecialTokens::open_clip ? kOpenClipNames : kOpenaiNames;
    const auto most = static_cast<std::size_t>(context);
    const auto cleaned = cleaned_text(checked_characters(text));
    TextTokens result{{vocabulary.start}, false};
    for (const auto piece : pieces_of(cleaned, names)) {
        if (result.ids.size() >= most) { break; }
        if (piece == names[0] || piece == names[1]) {
            result.ids.push_back(piece == names[0] ? vocabulary.start : vocabulary.end);
            continue;
        }
        const auto ids = tokens_of_piece(vocabulary, to_utf8(piece));
        result.ids.insert(result.ids.end(), ids.begin(), ids.end());
    }
    result.is_cut = result.ids.size() >= most;
    result.ids.resize(std::min(result.ids.size(), most - 1));
    result.ids.push_back(vocabulary.end);
    return result;
}

int Tokenizer::size() const { return static_cast<int>(tables_->vocabulary.tokens.size()); }
std::int32_t Tokenizer::start() const { return tables_->vocabulary.start; }
std::int32_t Tokenizer::end() const { return tables_->vocabulary.end; }
const std::string& Tokenizer::digest() const { return tables_->digest; }

VocabularyFiles Tokenizer::written_as(VocabularyForm form) const {
    const auto& vocabulary = tables_->vocabulary;
    switch (form) {
        case VocabularyForm::merges:
            return {{kVocabularyNames[1], lines_of_merges(vocabulary)}};
        case VocabularyForm::vocab_and_merges:
            return {{"vocab.json", ids_by_token(vocabulary).dump()},
                    {"merges.txt", lines_of_merges(vocabulary)}};
        case VocabularyForm::tokenizer:
            break;
    }
    return {{"tokenizer.json", tokenizer_json(vocabulary).dump()}};
}

std::string cleaned_prompt(std::string_view text) {
    return to_utf8(cleaned_text(checked_characters(text)));
}

std::vector<fs::path> vocabularies_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto* name : kVocabularyNames) {
        if (fs::is_regular_file(folder / name)) { files.push_back(folder / name); }
    }
    return files;
}

fs::path find_vocabulary(const fs::path& named, const fs::path& checkpoint) {
    if (!named.empty() && !fs::is_directory(named)) {
        require<WeightsError>(fs::is_regular_file(named), "no vocabulary '", named.string(),
                              "' (there is no such file); give one of CLIP's");
        return named;
    }
    const auto folder = named.empty() ? checkpoint.parent_path() : named;
    const auto files = vocabularies_in(folder);
    if (!files.empty()) { return files.front(); }
    throw WeightsError(concat("no vocabulary in '", folder.string(),
                              "' (texts cannot be read without); put ", kVocabularyNames[0],
                              " of github.com/openai/CLIP there, or tokenizer.json, or vocab.json "
                              "with merges.txt, from where the checkpoint is"));
}

Tokenizer read_tokenizer(const fs::path& file) {
    const auto name = file.filename().string();
    VocabularyFiles files{{name, read_text(file, kMostDataTextBytes)}};
    if (const auto merges = file.parent_path() / "merges.txt";
        name != "merges.txt" && fs::is_regular_file(merges)) {
        files.emplace("merges.txt", read_text(merges, kMostDataTextBytes));
    }
    return Tokenizer(files, file.string());
}

}  // namespace patchead
