#pragma once

#include <string>
#include <vector>

#include "options/command_syntax.hpp"

/// \file
/// \brief What all sub-commands share: rows of option tables, and parsing.

namespace patchead {

/// An option for the parser and --help. Values are texts; who owns the option makes sense of them.
struct OptionRow {
    enum class Kind { text, words, flag };

    std::string name;   ///< Without the dashes.
    std::string shown;  ///< What stands for the value in --help.
    std::string help;
    Kind kind = Kind::text;
    std::string default_text{};  ///< Empty: none. Of texts only.
    bool is_required = false;
};

void add_row(po::options_description& options, const OptionRow& row);

/// Options under a title of --help.
[[nodiscard]] po::options_description group_of(const std::string& title,
                                               const std::vector<OptionRow>& rows);

/// The text of an option; empty if it was not given and has no default.
[[nodiscard]] std::string text_of(const po::variables_map& values, const std::string& name);

/// The words of `text`, which spaces separate.
[[nodiscard]] std::vector<std::string> words_in(const std::string& text);

/// The words of a list option: repeated, several after one name, or separated by spaces in a file.
[[nodiscard]] std::vector<std::string> words(const po::variables_map& values,
                                             const std::string& name);

struct ParsedOptions {
    po::variables_map values;
    bool help = false;
};

/// Reads `arguments` (without program and sub-command).
///
/// Any option can also stand in an INI file, `name = value`, given with `--config` (repeatable; a
/// later file wins over an earlier one, the command line over all). With `--help` or `--help-all`
/// among the arguments the help is printed and `help` is true in the result; so it is with
/// `kListOptions`, which prints a line of tab-separated name, value and help for each option.
/// Throws ConfigError for an unknown option (naming the nearest known one), a bad value or an
/// unreadable config file.
[[nodiscard]] ParsedOptions parse_options(const std::vector<std::string>& arguments,
                                          CommandSyntax syntax);

/// The words of a list option as whole numbers of at least `least`. Throws ConfigError naming
/// option and word.
[[nodiscard]] std::vector<int> numbers(const po::variables_map& values, const std::string& name,
                                       int least);

}  // namespace patchead
