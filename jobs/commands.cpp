#include "commands.hpp"

#include <array>
#include <iostream>

#include <fmt/format.h>

#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

constexpr auto kCommands = std::to_array<Command>({
#define PATCHEAD_COMMAND(name, function, summary) {name, &function, summary},
#include "commands.def"
#undef PATCHEAD_COMMAND
});

}  // namespace

std::span<const Command> commands() { return kCommands; }

std::string summary_of(std::span<const Command> commands) {
    std::string text;
    for (const auto& command : commands) {
        text += fmt::format("  {:<16} {}\n", command.name, command.summary);
    }
    return text;
}

bool wants_overview(const Arguments& arguments) {
    return arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" ||
           (arguments[0] == "help" && arguments.size() == 1);
}

int run_named(std::span<const Command> commands, std::string_view kind,
              const Arguments& arguments) {
    if (arguments.at(0) == kListOptions) {
        for (const auto& command : commands) {
            std::cout << command.name << "\t\t" << command.summary << "\n";
        }
        return kExitDone;
    }
    return find(commands, kind, arguments.at(0)).run({arguments.begin() + 1, arguments.end()});
}

}  // namespace patchead
