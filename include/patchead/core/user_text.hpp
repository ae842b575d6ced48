#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief Texts that come from users: names of files, and lines of config files, prompt lists and
/// manifests. One set of rules for all of them (docs/configs.md).

namespace patchead {

/// `text` with bytes that are no UTF-8, and control characters, as `\xD5`, `\n`, `\t`.
[[nodiscard]] std::string escaped_name(std::string_view text);

/// The same for a message of several lines: line breaks stay.
[[nodiscard]] std::string printable(std::string_view message);

/// Why `name` cannot stand in results and on a terminal, as "it is not UTF-8"; empty if it can.
[[nodiscard]] std::string fault_of_name(std::string_view name);

/// `text` without a byte order mark in front, and with LF at the end of lines that end in CR LF.
/// Throws ConfigError that names `file`, and the line, if it is no UTF-8 text.
[[nodiscard]] std::string plain_text(std::string_view text, const std::string& file);

/// A line and its number, from 1.
struct TextLine {
    std::size_t number = 0;
    std::string text;
};

/// The lines of `plain_text`, without their ends. Throws as that.
[[nodiscard]] std::vector<TextLine> lines_of(std::string_view text, const std::string& file);

/// A value as a config file has it. Blanks at its ends do not count; a word, or what follows '=' in
/// one, may stand in double quotes, in which `\"` and `\\` are one character; '#' with a blank (or
/// nothing) on both sides begins a comment.
class WrittenValue {
  public:
    /// Throws ConfigError if a quote is not closed.
    explicit WrittenValue(std::string_view text);

    /// The parts between blanks.
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
    /// The whole, blanks included.
    [[nodiscard]] const std::string& text() const { return text_; }
    /// Whether a comment was cut off.
    [[nodiscard]] bool has_comment() const { return has_comment_; }

  private:
    std::vector<std::string> words_;
    std::string text_;
    bool has_comment_ = false;
};

/// `word` so that `WrittenValue` reads it as this one word.
[[nodiscard]] std::string quoted_word(const std::string& word);

/// `word` so that a POSIX shell reads it as this one word; as it is where that serves.
[[nodiscard]] std::string shell_word(const std::string& word);

}  // namespace patchead
