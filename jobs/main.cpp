/// \file
/// \brief The binary: picks the sub-command.

#include <array>
#include <cstdio>
#include <iostream>
#include <span>

#include <malloc.h>

#include "command.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "revision.hpp"

namespace patchead {
namespace {

struct Command {
    std::string_view name;
    int (*run)(const std::vector<std::string>&);
    std::string_view summary;
};

constexpr auto kCommands = std::to_array<Command>({
#define PATCHEAD_COMMAND(name, function, summary) {name, &function, summary},
#include "commands.def"
#undef PATCHEAD_COMMAND
});

void print_help() {
    std::cout << "patchead " << kVersion << " (" << kGitRevision
              << "): benchmark of patch-exclusive anomaly detection\n\n"
                 "usage: patchead COMMAND [options]      patchead COMMAND --help\n"
                 "       mpirun -n RANKS patchead sweep --config FILE ...\n\n";
    for (const auto& command : kCommands) {
        std::printf("  %-16s %s\n", std::string(command.name).c_str(),
                    std::string(command.summary).c_str());
    }
    std::cout << "\nA first look:  scripts/demo   Documentation:  README.md, docs/\n";
}

/// Large tensors come and go all the time; giving their pages back to the system and faulting them
/// in again nearly doubles the time of attention. They are kept instead.
void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

int run(const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" ||
        arguments[0] == "help") {
        print_help();
        return arguments.empty() ? kExitError : kExitDone;
    }
    if (arguments[0] == "--version") {
        std::cout << "patchead " << kVersion << " (" << kGitRevision << ")\n";
        return kExitDone;
    }
    const auto& command = find(std::span<const Command>(kCommands), "command", arguments[0]);
    return command.run({arguments.begin() + 1, arguments.end()});
}

}  // namespace
}  // namespace patchead

int main(int argc, char** argv) {
    patchead::keep_freed_memory();
    try {
        return patchead::run({argv + 1, argv + argc});
    } catch (const patchead::Error& error) {
        std::cerr << "patchead: " << error.what() << "\n";
        return patchead::kExitError;
    } catch (const std::exception& error) {
        std::cerr << "patchead: internal error: " << error.what() << "\n";
        return patchead::kExitInternal;
    }
}
