#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/program_options.hpp>

/// \file
/// \brief What all sub-commands share: options from command line and config files, exit codes.

namespace patchead {

namespace po = boost::program_options;

/// Exit codes of the binary; docs/hpc.md tells users what to do about each.
inline constexpr int kExitDone = 0;
inline constexpr int kExitError = 1;        ///< Wrong input; the message names it.
inline constexpr int kExitDifferent = 2;    ///< `compare --exit-code`: the runs differ.
inline constexpr int kExitInternal = 70;    ///< A fault of the program.
inline constexpr int kExitDisk = 74;        ///< Nothing more can be written; make room, run again.
inline constexpr int kExitUnfinished = 75;  ///< Told to stop, or a rank was lost; run it again.
inline constexpr int kExitFailures = 76;    ///< Finished, but some units failed; the rest is there.

/// A sub-command's own description of itself.
struct CommandHelp {
    std::string command;    ///< "patchead sweep".
    std::string arguments;  ///< "--data-root DIR [options]".
    std::string details;    ///< Text below the usage line.
};

/// Reads `arguments` (without program and sub-command) against `options`.
///
/// Any option can also stand in an INI file, `name = value`, given with `--config` (repeatable; a
/// later file wins over an earlier one, the command line over all). `positional` names the option
/// that takes words without a dash; empty if there is none.
/// `overrides` are arguments that win over all others, `fallbacks` win over defaults only.
/// With `--help` among the arguments the help is printed and `help` is true in the result.
/// Throws ConfigError for an unknown option (naming the nearest known one), a bad value or an
/// unreadable config file.
struct ParsedOptions {
    po::variables_map values;
    bool help = false;
};
[[nodiscard]] ParsedOptions parse_options(const std::vector<std::string>& arguments,
                                          const CommandHelp& help, po::options_description options,
                                          const std::string& positional = "",
                                          const std::vector<std::string>& overrides = {},
                                          const std::vector<std::string>& fallbacks = {});

[[nodiscard]] bool asks_for_help(const std::vector<std::string>& arguments);

/// The words of a list option: repeated, several after one name, or separated by spaces in a file.
[[nodiscard]] std::vector<std::string> words(const po::variables_map& values,
                                             const std::string& name);

/// `word` as a number. Throws ConfigError naming option and word.
[[nodiscard]] int whole_number(const std::string& name, const std::string& word, int least);

/// The words of a list option as whole numbers of at least `least`. Throws as `whole_number`.
[[nodiscard]] std::vector<int> numbers(const po::variables_map& values, const std::string& name,
                                       int least);

// The sub-commands. Each takes the arguments after its name and returns an exit code.
#define PATCHEAD_COMMAND(name, function, summary) int function(const std::vector<std::string>&);
#include "commands.def"
#undef PATCHEAD_COMMAND

}  // namespace patchead
