#pragma once

#include <string>
#include <vector>

#include <boost/program_options.hpp>

/// \file
/// \brief What a sub-command takes, and its --help.

namespace patchead {

namespace po = boost::program_options;

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
    /// Names of the options that --help shows where there are many; --help-all shows every one.
    std::vector<std::string> essential{};
    std::string examples{};  ///< Lines for the end of --help.
};

/// For programs that read help: completions of shells, the manual page.
inline constexpr char kListOptions[] = "--list-options";

[[nodiscard]] bool asks_for_help(const std::vector<std::string>& arguments);

/// Whether `arguments` ask for some kind of help, which is printed then.
[[nodiscard]] bool print_help(const std::vector<std::string>& arguments,
                              const CommandSyntax& syntax);

}  // namespace patchead
