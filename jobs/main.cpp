/// \file
/// \brief The binary: picks the sub-command.

#include <cstdio>
#include <iostream>

#include <malloc.h>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"
#include "revision.hpp"

namespace patchead {
namespace {

void print_help() {
    std::cout << "patchead " << kVersion << " (" << kGitRevision
              << "): benchmark of patch-exclusive anomaly detection\n\n"
                 "usage: patchead COMMAND [options]      patchead help COMMAND\n"
                 "       mpirun -n RANKS patchead sweep --config FILE ...\n\n";
    std::cout << summary_of(commands())
              << "\nA first look:  scripts/demo   Documentation:  README.md, docs/\n";
}

/// Large tensors come and go all the time; giving their pages back to the system and faulting them
/// in again nearly doubles the time of attention. They are kept instead.
void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

/// mpirun may put what other ranks say between the pieces of a line, or lose one: lines are written
/// whole.
void write_whole_lines() {
    std::setvbuf(stderr, nullptr, _IOLBF, BUFSIZ);
    std::cerr << std::nounitbuf;
}

int run(const Arguments& arguments) {
    if (wants_overview(arguments)) {
        print_help();
        return arguments.empty() ? kExitError : kExitDone;
    }
    if (arguments[0] == "--version") {
        std::cout << "patchead " << kVersion << " (" << kGitRevision << ")\n";
        return kExitDone;
    }
    if (arguments[0] == "help") {  // `patchead help store gc` is `patchead store gc --help`.
        Arguments words(arguments.begin() + 1, arguments.end());
        words.emplace_back("--help");
        return run_named(commands(), "command", words);
    }
    return run_named(commands(), "command", arguments);
}

}  // namespace
}  // namespace patchead

int main(int argc, char** argv) {
    patchead::keep_freed_memory();
    patchead::write_whole_lines();
    try {
        return patchead::naming_unreadable([&] { return patchead::run({argv + 1, argv + argc}); });
    } catch (const patchead::DiskError& error) {
        std::cerr << "patchead: " << patchead::printable(error.what()) << "\n";
        return patchead::kExitDisk;
    } catch (const patchead::Error& error) {
        std::cerr << "patchead: " << patchead::printable(error.what()) << "\n";
        return patchead::kExitError;
    } catch (const std::exception& error) {
        std::cerr << "patchead: internal error: " << patchead::printable(error.what()) << "\n";
        return patchead::kExitInternal;
    }
}
