#include "commands.hpp"

#include <fmt/format.h>

#include "patchead/core/registry.hpp"

namespace patchead {

std::string summary_of(std::span<const Command> commands) {
    std::string text;
    for (const auto& command : commands) {
        text += fmt::format("  {:<16} {}\n", command.name, command.summary);
    }
    return text;
}

bool wants_overview(const Arguments& arguments) {
    return arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" ||
           arguments[0] == "help";
}

int run_named(std::span<const Command> commands, std::string_view kind,
              const Arguments& arguments) {
    return find(commands, kind, arguments.at(0)).run({arguments.begin() + 1, arguments.end()});
}

}  // namespace patchead
