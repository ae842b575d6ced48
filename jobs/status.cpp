/// \file
/// \brief `patchead status`: how far a run is, or how it ended, from its run.json.

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/process.hpp"
#include "run_files.hpp"
#include "run_state.hpp"
#include "sweep_options.hpp"

namespace patchead {
namespace {

using nlohmann::json;

/// A run that ended, or still goes on, without a single unit done.
constexpr int kExitNoProgress = 77;

/// `run.json`, or `run.<task>.json` of each array task.
std::vector<std::filesystem::path> state_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        const bool ours = name.starts_with("run.") && name.ends_with(".json");
        if (ours && entry.is_regular_file(error)) { files.push_back(entry.path()); }
    }
    std::ranges::sort(files);
    return files;
}

bool goes_on(const json& state) {
    const auto name = state.at("state").get<std::string>();
    return name == "running" || name == "draining";
}

int code_of(const json& state) {
    for (const auto end : {RunEnd::whole, RunEnd::failures, RunEnd::disk}) {
        if (state.at("state") == name_of(end)) { return exit_code(end); }
    }
    return state.at("units").at("done") > 0 ? kExitUnfinished : kExitNoProgress;
}

std::string clock_text(double seconds) {
    const auto whole = static_cast<long>(seconds);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

void print_kinds(const json& state) {
    for (const auto& [kind, count] : state.at("units_by_kind").items()) {
        if (count.at("total") == 0) { continue; }
        fmt::print("  {:<10} {:>7} of {:<7} {:>10.1f} rank seconds\n", kind,
                   count.at("done").get<std::size_t>(), count.at("total").get<std::size_t>(),
                   state.at("rank_seconds").at(kind).get<double>());
    }
}

void print(const std::filesystem::path& file, const json& state) {
    const auto& units = state.at("units");
    const bool dead = goes_on(state) && is_gone(state.at("process").get<std::string>());
    fmt::print("{}: {}{}\n", file.string(), state.at("state").get<std::string>(),
               dead ? ", but its process is gone" : "");
    fmt::print("  {} of {} units done, {} failed, {} skipped, {} running\n",
               units.at("done").get<std::size_t>(), units.at("total").get<std::size_t>(),
               units.at("failed").get<std::size_t>(), units.at("skipped").get<std::size_t>(),
               units.at("running").get<std::size_t>());
    print_kinds(state);
    fmt::print("  {} ranks, started {}, last heard of {}, {} so far\n",
               state.at("ranks").get<int>(), state.at("started").get<std::string>(),
               state.at("updated").get<std::string>(),
               clock_text(state.at("seconds").get<double>()));
    fmt::print("  {:.2f} units/s, {:.2f} images/s, ranks idle {:.1f} % of the time{}\n",
               state.at("rates").at("units_per_second").get<double>(),
               state.at("rates").at("images_per_second").get<double>(),
               100 * state.at("rates").at("idle_share").get<double>(),
               goes_on(state) && !dead
                   ? ", ETA " + clock_text(state.at("eta_seconds").get<double>())
                   : "");
    for (const auto* list : {"troubles", "failures"}) {
        for (const auto& text : state.at(list)) {
            fmt::print("  {}: {}\n", list, text.get<std::string>());
        }
    }
}

/// Where to look, and at which files.
struct Place {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> files;
};

Place find_place(const std::vector<std::string>& arguments) {
    if (arguments.size() == 1 && !arguments[0].starts_with("-")) {
        return {arguments[0], state_files(arguments[0])};
    }
    const auto options = *parse_sweep_options({"sweep", arguments, {}});
    if (options.engine.array_task.empty()) { return {options.output, state_files(options.output)}; }
    const auto own = state_file(options);
    return {options.output,
            std::filesystem::exists(own) ? std::vector{own} : std::vector<std::filesystem::path>()};
}

/// Array tasks share their work, so that one of them that has finished has seen all of it.
int best_of(const std::vector<int>& codes) {
    for (const int code : {kExitDone, kExitFailures, kExitUnfinished, kExitNoProgress}) {
        if (std::ranges::count(codes, code) > 0) { return code; }
    }
    return codes.front();
}

}  // namespace

int run_status(const std::vector<std::string>& arguments) {
    if (arguments.empty() || asks_for_help(arguments)) {
        std::cout
            << "usage: patchead status DIR | [the options of a sweep, --config FILE ...]\n\n"
               "Says how far the sweep in an output folder is, or how it ended. Needs no MPI "
               "and touches nothing.\nExit code: that of the sweep (0, 74, 76); 75 if it goes "
               "on or was interrupted, 77 if it did so\nwithout a single unit done, 1 if there "
               "was no run.\n";
        return arguments.empty() ? kExitError : kExitDone;
    }
    if (arguments[0] == "--folder") {
        const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
        std::cout << find_place(rest).folder.string() << "\n";
        return kExitDone;
    }
    const auto [folder, files] = find_place(arguments);
    require<DataError>(!files.empty(), "no run in '", folder.string(),
                       "' (there is no run.json); give the --output of a sweep that has begun");
    std::vector<int> codes;
    for (const auto& file : files) {
        try {
            const auto state = json::parse(read_text(file));
            print(file, state);
            codes.push_back(code_of(state));
        } catch (const json::exception& error) {
            throw DataError(concat("cannot read '", file.string(), "' (", error.what(),
                                   "); it is no run.json of this version"));
        }
    }
    return best_of(codes);
}

}  // namespace patchead
