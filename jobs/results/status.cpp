/// \file
/// \brief `patchead status`: how far a run is, or how it ended, from its run.json.

#include <algorithm>
#include <iostream>

#include <fmt/format.h>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "options/sweep_options.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "patchead/core/text.hpp"
#include "patchead/engine/run_sweep.hpp"

namespace patchead {
namespace {

using Files = std::vector<std::filesystem::path>;

int code_of(const RunState& state) {
    const int code = exit_code(state.status);
    return code == kExitUnfinished && state.units_done == 0 ? kExitNoProgress : code;
}

void print_kinds(const RunState& state) {
    for (std::size_t i = 0; i < state.kinds.size(); ++i) {
        const auto& kind = state.kinds[i];
        if (kind.total == 0) { continue; }
        fmt::print("  {:<10} {:>7} of {:<7} {:>10.1f} rank seconds\n", kUnitKinds[i].name,
                   kind.done, kind.total, kind.rank_seconds);
    }
}

void print(const std::filesystem::path& file, const RunState& state) {
    const bool dead = goes_on(state.status) && is_gone(state.process);
    fmt::print("{}: {}{}\n", file.string(), name_of(state.status),
               dead ? ", but its process is gone" : "");
    fmt::print("  {} of {} done, {} failed, {} skipped, {} running\n", state.units_done,
               counted(state.units_total, "unit"), state.units_failed, state.units_skipped,
               state.units_running);
    print_kinds(state);
    fmt::print("  {}, started {}, last heard of {}, {} so far\n",
               counted(static_cast<std::size_t>(state.ranks), "rank"), state.started, state.updated,
               clock_text(state.seconds));
    fmt::print("  {:.2f} units/s, {:.2f} images/s, ranks idle {:.1f} % of the time{}\n",
               state.units_per_second(), state.images_per_second(), 100 * state.idle_share(),
               goes_on(state.status) && !dead ? ", ETA " + clock_text(state.eta_seconds) : "");
    for (const auto& text : state.troubles) { fmt::print("  troubles: {}\n", text); }
    for (const auto& text : state.failures) { fmt::print("  failures: {}\n", text); }
}

/// Where to look, and at which files.
struct Place {
    std::filesystem::path folder;
    Files files;
};

Place find_place(const Arguments& arguments) {
    if (arguments.size() == 1 && !arguments[0].starts_with("-")) {
        return {arguments[0], state_files(arguments[0])};
    }
    const auto settings = parse_sweep_options(arguments)->settings;
    if (settings.array_task.empty()) { return {settings.output, state_files(settings.output)}; }
    const auto own = state_file(settings);
    return {settings.output, std::filesystem::exists(own) ? Files{own} : Files{}};
}

/// Array tasks share their work, so that one of them that has finished has seen all of it.
int best_of(const std::vector<int>& codes) {
    for (const int code : {kExitDone, kExitFailures, kExitUnfinished, kExitNoProgress}) {
        if (std::ranges::count(codes, code) > 0) { return code; }
    }
    return codes.front();
}

constexpr const char* kHelp =
    "usage: patchead status DIR | [the options of a sweep, --config FILE ...]\n\n"
    "Says how far the sweep in an output folder is, or how it ended. Needs no MPI and touches "
    "nothing.\nExit code: that of the sweep (0, 74, 76); 75 if it goes on or was interrupted, 77 "
    "if it did so\nwithout a single unit done, 1 if there was no run.\n";

}  // namespace

int run_status(const Arguments& arguments) {
    if (!arguments.empty() && arguments.back() == kListOptions) {
        static_cast<void>(parse_sweep_options(arguments));  // It takes those of a sweep.
        return kExitDone;
    }
    if (arguments.empty() || asks_for_help(arguments)) {
        std::cout << kHelp;
        return arguments.empty() ? kExitError : kExitDone;
    }
    if (arguments[0] == "--folder") {
        std::cout << find_place({arguments.begin() + 1, arguments.end()}).folder.string() << "\n";
        return kExitDone;
    }
    const auto [folder, files] = find_place(arguments);
    require<DataError>(!files.empty(), "no run in '", folder.string(),
                       "' (there is no run.json); give the --output of a sweep that has begun");
    std::vector<int> codes;
    for (const auto& file : files) {
        const auto state = read_run_state(file);
        print(file, state);
        codes.push_back(code_of(state));
    }
    return best_of(codes);
}

}  // namespace patchead
