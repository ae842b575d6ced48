/// \file
/// \brief `patchead sweep`: embed, match, evaluate, reduce, print.

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/outputs/alignment_outputs.hpp"
#include "patchead/outputs/replacement.hpp"
#include "patchead/outputs/sweep_outputs.hpp"
#include "sweep_job.hpp"

namespace patchead {
namespace {

void print_end(const RunState& state, const std::filesystem::path& output) {
    const auto by = state.forwards_by.text();
    std::cerr << counted(state.forwards, "forward") << (by.empty() ? "" : " " + by) << ", "
              << counted(state.products, "matrix product") << " done; "
              << counted(state.forwards_saved, "forward") << " saved; results in "
              << output.string() << "\n";
    for (const auto& reason : state.failures) {
        std::cerr << "failed: " << printable(reason) << "\n";
    }
    if (!state.failures.empty()) {
        std::cerr << "patchead: ";
        if (state.units_failed > 0) {
            std::cerr << counted(state.units_failed, "unit") << " failed, " << state.units_skipped
                      << " skipped for it";
        } else {
            std::cerr << "results that are there could not be read";
        }
        std::cerr << "; the tables mark the gaps. Mend the cause and run the same command again: "
                     "only what is missing is computed\n";
    }
}

/// Results of another sweep are replaced, but not lost.
void check_output(const EngineSettings& settings, const SweepInputs& inputs,
                  const SweepPlan& plan) {
    if (settings.overwrite) { return; }
    for (const auto& note : keep_results(settings.output, inputs.provenance, plan)) {
        std::cerr << "note: " << note << "\n";
    }
}

void write_all(const EngineSettings& settings, const SweepPlan& plan, const FinishedRun& run) {
    write_outputs(settings.output, run.results);
    for (const auto& note : write_prompt_pictures(settings.output, plan, run.results)) {
        std::cerr << "note: " << printable(note) << "\n";
    }
    report_alignment(settings.output, settings.align_pictures, plan, Store(settings.store));
    print_end(run.state, settings.output);
}

int sweep(const SweepOptions& options, const Communicator& world) {
    auto [findings, code] = find_on_all_ranks(options, world);
    if (!findings) { return code; }
    const auto inputs = make_inputs(*std::move(findings), options.request);
    const auto plan = make_plan(inputs.spec);
    const auto& settings = options.settings;
    const auto check = [&] { check_output(settings, inputs, plan); };
    if (const int wrong = code_on_root(world, check); wrong != kExitDone) { return wrong; }
    const auto run = run_plan(settings, inputs, plan, world, Allowed::everything);
    if (!run) { return kExitError; }
    if (world.is_root() ? print_unfinished(*run) : is_unfinished(run->status)) {
        return exit_code(run->status);
    }
    const int wrong = code_on_root(world, [&] { write_all(settings, plan, *run); });
    return wrong != kExitDone ? wrong : exit_code(run->status);
}

}  // namespace

int run_sweep(const Arguments& arguments) {
    return run_sweep_job([&] { return parse_sweep_options(arguments); }, sweep);
}

}  // namespace patchead
