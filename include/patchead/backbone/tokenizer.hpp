#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief From texts to numbers, as networks with a text tower take them: CLIP's byte-pair
/// tokenizer, which OpenCLIP and the Perception Encoder share.

namespace patchead {

/// Content of the files of a vocabulary by their names.
using VocabularyFiles = std::map<std::string, std::string>;

/// Tokens of CLIP's own vocabulary.
inline constexpr int kTokensOfClip = 49408;

/// Published forms of one vocabulary.
///  * merges: `bpe_simple_vocab_16e6.txt` (also with `.gz`), from which all else follows; only of
///    `kTokensOfClip`
///  * vocab_and_merges: `vocab.json` and `merges.txt`
///  * tokenizer: `tokenizer.json`
enum class VocabularyForm { merges, vocab_and_merges, tokenizer };

/// How start and end of a text are spelled where a text itself has them: `<start_of_text>` and
/// `<end_of_text>`, or `<|startoftext|>` and `<|endoftext|>`. The other spelling is plain text.
enum class SpecialTokens { open_clip, openai };

/// A text as a network takes it: start, tokens, end. Without padding.
struct TextTokens {
    std::vector<std::int32_t> ids;
    bool is_cut = false;  ///< Tokens were left out, since it would have been too long.
};

/// The longest text that is taken; a prompt has less than a hundred bytes.
inline constexpr std::size_t kMostTextBytes = 100'000;

/// CLIP's byte-pair tokenizer with its vocabulary. Copies share it.
class Tokenizer {
  public:
    /// Of files as `written_as` gives them; `place` is what messages call them.
    /// Throws WeightsError that names it if they hold no whole vocabulary: too few merges, a token
    /// without a merge or the other way round, ids with gaps, no JSON.
    Tokenizer(const VocabularyFiles& files, const std::string& place);

    /// The tokens of `text`, cleaned as upstream does with ftfy at hand: entities of HTML decoded,
    /// odd quotes and widths made plain, control characters (NUL, too) removed, Normalization
    /// Form C, single spaces, lower case. Only ftfy's repair of wrongly decoded text is left out.
    /// Longer ones than `context` are cut, and end with the end's token all the same.
    /// Throws DataError if it is not UTF-8 or longer than `kMostTextBytes`; ConfigError for a
    /// context below 2.
    /// Source: mlfoundations/open_clip, tokenizer.py; openai/CLIP, clip.py (truncate=True).
    [[nodiscard]] TextTokens encode(std::string_view text, int context,
                                    SpecialTokens special = SpecialTokens::open_clip) const;

    [[nodiscard]] int size() const;  ///< Tokens of the vocabulary.
    [[nodiscard]] std::int32_t start() const;
    [[nodiscard]] std::int32_t end() const;

    /// Digest of what the vocabulary says: the same for all forms of it.
    [[nodiscard]] const std::string& digest() const;

    /// The files of another form, for programs that read only that.
    [[nodiscard]] VocabularyFiles written_as(VocabularyForm form) const;

  private:
    struct Tables;
    std::shared_ptr<const Tables> tables_;
};

/// `text` as `Tokenizer::encode` cleans it before it takes it apart. Throws DataError as that does.
[[nodiscard]] std::string cleaned_prompt(std::string_view text);

/// Files in `folder` that are a vocabulary by their names, the one to be read first first:
/// `bpe_simple_vocab_16e6.txt.gz`, `bpe_simple_vocab_16e6.txt`, `tokenizer.json`, `vocab.json`.
[[nodiscard]] std::vector<std::filesystem::path> vocabularies_in(
    const std::filesystem::path& folder);

/// The vocabulary of a checkpoint: `named`, a file or a folder, if it is not empty; else the first
/// one beside `checkpoint`. Throws WeightsError that says where users get one if there is
/// none.
[[nodiscard]] std::filesystem::path find_vocabulary(const std::filesystem::path& named,
                                                    const std::filesystem::path& checkpoint);

/// Reads a file that `find_vocabulary` gives; `vocab.json` with the `merges.txt` beside it. What a
/// file is, its content says. Throws WeightsError as Tokenizer, DataError if it cannot be read.
[[nodiscard]] Tokenizer read_tokenizer(const std::filesystem::path& file);

}  // namespace patchead
