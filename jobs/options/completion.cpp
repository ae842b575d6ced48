#include "options/command_help.hpp"

#include <string_view>

#include <fmt/format.h>

namespace patchead {
namespace {

/// Inside single quotes of _arguments and _describe.
std::string for_zsh(std::string_view text) {
    return replaced(text, {{'\'', "'\\''"}, {'[', "\\["}, {']', "\\]"}, {':', "\\:"}});
}

/// "store" of "store gc"; all of "sweep".
std::string first_word(const std::string& name) { return name.substr(0, name.find(' ')); }

/// "gc" of "store gc"; empty for "sweep".
std::string second_word(const std::string& name) {
    const auto space = name.find(' ');
    return space == std::string::npos ? "" : name.substr(space + 1);
}

/// Names of commands, or of the parts of `command`.
std::string names(const std::vector<CommandHelp>& commands, const std::string& command) {
    std::string all;
    for (const auto& each : commands) {
        const auto part = second_word(each.name);
        const bool wanted =
            command.empty() ? part.empty() : !part.empty() && first_word(each.name) == command;
        if (wanted) { all += (all.empty() ? "" : " ") + (command.empty() ? each.name : part); }
    }
    return all;
}

/// Commands that have parts, as a pattern of a shell.
std::string groups(const std::vector<CommandHelp>& commands) {
    std::string pattern;
    for (const auto& command : commands) {
        if (command.has_parts) { pattern += (pattern.empty() ? "" : "|") + command.name; }
    }
    return pattern;
}

std::string option_names(const CommandHelp& command) {
    std::string all;
    for (const auto& option : command.options) { all += (all.empty() ? "" : " ") + option.name; }
    return all;
}

std::string zsh_options(const CommandHelp& command) {
    std::string text;
    for (const auto& option : command.options) {
        const auto value =
            option.value.empty() ? "" : fmt::format(":{}:_files", for_zsh(option.value));
        text += fmt::format(" \\\n        '*{}[{}]{}'", option.name, for_zsh(option.help), value);
    }
    return text;
}

}  // namespace

std::string replaced(std::string_view text, const std::map<char, std::string_view>& replacements) {
    std::string result;
    for (const char c : text) {
        const auto found = replacements.find(c);
        if (found == replacements.end()) {
            result += c;
        } else {
            result += found->second;
        }
    }
    return result;
}

std::string bash_completion(const std::vector<CommandHelp>& commands) {
    std::string cases;
    for (const auto& command : commands) {
        const auto words =
            command.has_parts ? names(commands, command.name) : option_names(command);
        const auto pattern = second_word(command.name).empty()
                                 ? first_word(command.name) + "\\ *"
                                 : first_word(command.name) + "\\ " + second_word(command.name);
        // The parts come first, so that `store gc` is not taken for `store`.
        const auto line = fmt::format("        {}) words='{}' ;;\n", pattern, words);
        cases.insert(second_word(command.name).empty() ? cases.size() : 0, line);
    }
    return fmt::format(
        "# Completion of patchead for bash, by `patchead completion bash`.\n"
        "_patchead() {{\n"
        "    local current=${{COMP_WORDS[COMP_CWORD]}} words=''\n"
        "    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W '{} help' -- \"$current\"))\n"
        "        return\n"
        "    fi\n"
        "    case \"${{COMP_WORDS[1]}} ${{COMP_WORDS[2]}}\" in\n{}    esac\n"
        "    # Everything else is a file, a folder, or a name that only the user knows.\n"
        "    if [[ $current == -* || ( $COMP_CWORD -eq 2 && $words != -* ) ]]; then\n"
        "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
        "    fi\n"
        "}}\n"
        "complete -o default -F _patchead patchead\n",
        names(commands, ""), cases);
}

std::string zsh_completion(const std::vector<CommandHelp>& commands) {
    std::string list;
    std::string cases;
    for (const auto& command : commands) {
        if (second_word(command.name).empty()) {
            list += fmt::format("        '{}:{}'\n", command.name, for_zsh(command.summary));
        }
        if (command.has_parts) {
            cases += fmt::format("    {}) (( CURRENT == 3 )) && compadd {} ;;\n", command.name,
                                 names(commands, command.name));
            continue;
        }
        const auto part = second_word(command.name);
        const auto pattern = part.empty() ? command.name : fmt::format("'{}'", command.name);
        cases += fmt::format("    {}) _arguments{} \\\n        '*:file:_files' ;;\n", pattern,
                             zsh_options(command));
    }
    return fmt::format(
        "#compdef patchead\n"
        "# Completion of patchead for zsh, by `patchead completion zsh`.\n"
        "_patchead() {{\n"
        "    local -a commands=(\n{}    )\n"
        "    if (( CURRENT == 2 )); then\n"
        "        _describe command commands\n"
        "        return\n"
        "    fi\n"
        "    local command=$words[2]\n"
        "    case $command in {}) (( CURRENT > 3 )) && command=\"$words[2] $words[3]\" ;; esac\n"
        "    case $command in\n{}    esac\n"
        "}}\n"
        "_patchead \"$@\"\n",
        list, groups(commands), cases);
}

}  // namespace patchead
