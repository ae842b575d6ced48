#pragma once

#include <string>
#include <vector>

#include <boost/program_options.hpp>

/// \file
/// \brief What all sub-commands share: rows of option tables, and parsing.

namespace patchead {

namespace po = boost::program_options;

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

/// The words of a list option, each once: repeated, several after one name, or a line of a file.
/// What the shell, or a file's line, gave as one word is one.
[[nodiscard]] std::vector<std::string> words(const po::variables_map& values,
                                             const std::string& name);

/// Options that were recorded, as a config file has them.
struct RecordedOptions {
    std::string name;  ///< Of the file that holds them, for messages.
    std::string text;  ///< Lines `name = value`; empty: none.
};

/// What a sub-command takes, and how it describes itself.
struct CommandSyntax {
    std::string command;    ///< "patchead sweep".
    std::string arguments;  ///< "--data-root DIR [options]".
    std::string details;    ///< Text below the usage line.
    po::options_description options{};
    /// The option that takes words without a dash; empty if there is none.
    std::string positional{};
    /// Arguments that win over all others.
    std::vector<std::string> overrides{};
    /// Options that lose to all others.
    RecordedOptions recorded{};
    /// Options that are taken, too, but not shown by --help.
    po::options_description hidden{};
    /// Names of the options that --help shows where there are many; --help-all shows every one.
    std::vector<std::string> essential{};
    std::string examples{};  ///< Lines for the end of --help.
};

struct ParsedOptions {
    po::variables_map values;
    bool help = false;
};

/// Reads `arguments` (without program and sub-command).
///
/// Any option can also stand in a file of lines `name = value`, given with `--config` (repeatable;
/// a later file wins over an earlier one, the command line over all; docs/configs.md has the
/// rules). `--max-pixels` is set for the process (data/pixel_limit.hpp). With `--help` or
/// `--help-all` among the arguments the help is printed and `help` is true in the result; so it is
/// with `kListOptions`, which prints a line of tab-separated name, value and help for each option.
/// Throws ConfigError for an unknown option (naming the nearest known one), a bad value, a word
/// that is not UTF-8 or holds a control character, or an unreadable config file.
[[nodiscard]] ParsedOptions parse_options(const std::vector<std::string>& arguments,
                                          CommandSyntax syntax);

/// Throws ConfigError about an option that is none of `options`; names the nearest.
[[noreturn]] void refuse_option(const po::options_description& options, const std::string& name);

/// The options of a config file, with values as `po::store` takes them: the words of a list, or one
/// text. Throws ConfigError that names the file and the line.
[[nodiscard]] po::parsed_options read_config_file(const std::string& file,
                                                  const po::options_description& options);

/// The same of lines that are at hand; `name` is the file's, for messages.
[[nodiscard]] po::parsed_options read_config_text(const std::string& text, const std::string& name,
                                                  const po::options_description& options);

/// Where the file of `--grid` lies: where it is said to, or beside one of the files of `--config`.
/// Throws ConfigError if it is not there.
[[nodiscard]] std::string find_grid_file(const std::string& file,
                                         const std::vector<std::string>& configs);

/// For programs that read help: completions of shells, the manual page.
inline constexpr char kListOptions[] = "--list-options";

[[nodiscard]] bool asks_for_help(const std::vector<std::string>& arguments);

/// Whether `arguments` ask for some kind of help, which is printed then.
[[nodiscard]] bool print_help(const std::vector<std::string>& arguments,
                              const CommandSyntax& syntax);

/// A number of shots from 0 on, "all" (kAllShots) or "each" (kEachShot). Throws ConfigError naming
/// option and word.
[[nodiscard]] int shots_of(const std::string& option, const std::string& word);

}  // namespace patchead
