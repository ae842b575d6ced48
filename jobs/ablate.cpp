/// \file
/// \brief `patchead ablate`: scoring and metric options varied on the match tensors of a sweep.

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/ablation_options.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/report/effects.hpp"
#include "sweep_job.hpp"

namespace patchead {
namespace {

void print_effects(const EffectTables& effects, const RunState& work, std::size_t choices,
                   const std::filesystem::path& output) {
    write_tables(output / "tables", effects.tables());
    write_tables(output / "tables", effects.by_category());
    for (const auto& table : effects.tables()) { std::cout << "\n" << to_markdown(table); }
    std::cerr << counted(choices, "choice") << "; " << counted(work.forwards, "forward") << ", "
              << work.products << " matrix products done; results in " << output.string() << "\n";
}

int ablate(const SweepOptions& options, const AblationOptions& ablation,
           const Communicator& world) {
    const auto findings = find_on_all_ranks(options, world);
    if (!findings) { return kExitError; }
    EffectTables effects(ablation.variables);
    RunState work;
    auto status = RunStatus::finished;
    for (const auto& choice : ablation.choices) {
        const auto inputs = make_inputs(*findings, choice.request);
        const auto run = run_plan(options.settings, inputs, make_plan(inputs.spec), world,
                                  Allowed::reductions_only);
        if (!run) { return kExitError; }
        if (run->status != RunStatus::finished) { status = run->status; }
        if (world.is_root() ? print_unfinished(*run) : is_unfinished(run->status)) {
            return exit_code(run->status);
        }
        work.forwards += run->state.forwards;
        work.products += run->state.products;
        effects.add(choice.values, run->results);
    }
    if (!world.is_root()) { return kExitDone; }
    print_effects(effects, work, ablation.choices.size(), options.settings.output);
    return exit_code(status);
}

}  // namespace

int run_ablate(const Arguments& arguments) {
    AblationOptions ablation;
    return run_sweep_job([&] { return parse_ablation_options(arguments, ablation); },
                         [&](const SweepOptions& options, const Communicator& world) {
                             return ablate(options, ablation, world);
                         });
}

}  // namespace patchead
