#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief What --help says of all commands, as text for shells and for man.

namespace patchead {

struct OptionHelp {
    std::string name;   ///< With its dashes.
    std::string value;  ///< What stands for its value, e.g. "DIR"; empty if it takes none.
    std::string help;
};

/// A command, or a part of one ("store gc").
struct CommandHelp {
    std::string name;
    std::string summary;
    std::vector<OptionHelp> options{};
    bool has_parts = false;  ///< It is followed by the name of a part, not by options.
};

/// `text` with what `replacements` says for each of its characters.
[[nodiscard]] std::string replaced(std::string_view text,
                                   const std::map<char, std::string_view>& replacements);

/// Completion scripts, and the manual page in troff.
[[nodiscard]] std::string bash_completion(const std::vector<CommandHelp>& commands);
[[nodiscard]] std::string zsh_completion(const std::vector<CommandHelp>& commands);
[[nodiscard]] std::string manual_page(const std::vector<CommandHelp>& commands,
                                      const std::string& version);

}  // namespace patchead
