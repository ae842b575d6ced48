#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief The sub-commands, and how one is picked by its name.

namespace patchead {

using Arguments = std::vector<std::string>;

/// A command, or a part of one ("store ls").
struct Command {
    std::string_view name;
    int (*run)(const Arguments& arguments);  ///< Takes what follows the name; gives the exit code.
    std::string_view summary;
};

/// All of commands.def.
[[nodiscard]] std::span<const Command> commands();

/// Names and summaries, a line each.
[[nodiscard]] std::string summary_of(std::span<const Command> commands);

/// Whether nothing but help is asked for: no argument at all, or --help, -h or help first.
[[nodiscard]] bool wants_overview(const Arguments& arguments);

/// Runs the command that the first argument names. Instead of one, `kListOptions` prints them, a
/// line of name, nothing and summary each. Throws ConfigError, which calls a command a `kind`, for
/// an unknown one.
[[nodiscard]] int run_named(std::span<const Command> commands, std::string_view kind,
                            const Arguments& arguments);

// Of `patchead datasets`, whose parts lie in several files.
/// Writes `text` to `file`, whole or not at all, or to the standard output if `file` is "-".
void write_output(const std::string& file, const std::string& text);
[[nodiscard]] int run_datasets_check(const Arguments& arguments);
[[nodiscard]] int run_datasets_duplicates(const Arguments& arguments);

#define PATCHEAD_COMMAND(name, function, summary) int function(const Arguments& arguments);
#include "commands.def"
#undef PATCHEAD_COMMAND

}  // namespace patchead
