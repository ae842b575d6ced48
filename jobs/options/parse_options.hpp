#pragma once

#include <string>
#include <vector>

#include "options/option_rows.hpp"

/// \file
/// \brief What all sub-commands share: options from command line and config files.

namespace patchead {

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
    /// Options that are taken, too, but not shown by --help.
    po::options_description hidden{};
};

struct ParsedOptions {
    po::variables_map values;
    bool help = false;
};

/// Reads `arguments` (without program and sub-command).
///
/// Any option can also stand in an INI file, `name = value`, given with `--config` (repeatable; a
/// later file wins over an earlier one, the command line over all). With `--help` among the
/// arguments the help is printed and `help` is true in the result.
/// Throws ConfigError for an unknown option (naming the nearest known one), a bad value or an
/// unreadable config file.
[[nodiscard]] ParsedOptions parse_options(const std::vector<std::string>& arguments,
                                          CommandSyntax syntax);

[[nodiscard]] bool asks_for_help(const std::vector<std::string>& arguments);

/// The words of a list option as whole numbers of at least `least`. Throws ConfigError naming
/// option and word.
[[nodiscard]] std::vector<int> numbers(const po::variables_map& values, const std::string& name,
                                       int least);

}  // namespace patchead
