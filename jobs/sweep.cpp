/// \file
/// \brief `patchead sweep`: embed, match, evaluate, reduce, print.

#include <iostream>

#include "align_report.hpp"
#include "plan_run.hpp"
#include "sweep_outputs.hpp"
#include "sweep_run.hpp"

namespace patchead {
namespace {

void print_end(const RunState& state, const SweepOptions& options) {
    std::cerr << state.work.forwards << " forwards, " << state.work.products
              << " matrix products done; " << state.forwards_saved << " forwards saved; results in "
              << options.output.string() << "\n";
    for (const auto& reason : state.failures) { std::cerr << "failed: " << reason << "\n"; }
    if (!state.failures.empty()) {
        std::cerr << "patchead: " << state.units_failed << " units failed, " << state.units_skipped
                  << " were skipped for it; the tables mark the gaps. Mend the cause and run the "
                     "same command again: only what is missing is computed\n";
    }
}

int sweep(const SweepOptions& options, const Communicator& world) {
    const auto inputs = prepare_sweep(options, world);
    if (!inputs) { return kExitError; }
    const auto plan = make_plan(inputs->spec);
    const auto run = run_plan(options, *inputs, plan, world, Allowed::everything);
    if (!run) { return kExitError; }
    if (!world.is_root() || print_unfinished(*run)) { return exit_code(run->end); }
    write_outputs(options.output, run->results);
    report_alignment(options, inputs->spec, plan, Store(options.store));
    print_end(run->state, options);
    return exit_code(run->end);
}

}  // namespace

int run_sweep(const std::vector<std::string>& arguments) {
    return run_sweep_job({"sweep", arguments, {}}, sweep);
}

}  // namespace patchead
