/// \file
/// \brief `patchead ablate`: scoring and metric options varied on the match tensors of a sweep.

#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/ablation_options.hpp"
#include "patchead/core/text.hpp"
#include "patchead/report/effects.hpp"
#include "patchead/report/selection.hpp"
#include "patchead/results/results.hpp"
#include "sweep_job.hpp"

namespace patchead {
namespace {

/// "rho=0.01, kp=0.3".
std::string name_of_choice(const AblationOptions& ablation, const AblationChoice& choice) {
    std::string name;
    for (std::size_t i = 0; i < choice.values.size(); ++i) {
        name += concat(i == 0 ? "" : ", ", ablation.variables[i], "=", choice.values[i]);
    }
    return name;
}

/// All choices and, where one is to be chosen, the defaults at the end.
std::vector<const SweepRequest*> requests_of(const AblationOptions& ablation) {
    std::vector<const SweepRequest*> requests;
    for (const auto& choice : ablation.choices) { requests.push_back(&choice.request); }
    if (ablation.choosing) { requests.push_back(&ablation.defaults); }
    return requests;
}

void print_effects(const EffectTables& effects, const std::filesystem::path& output) {
    write_tables(output / "tables", effects.tables());
    write_tables(output / "tables", effects.by_category());
    for (const auto& table : effects.tables()) { std::cout << "\n" << to_markdown(table); }
}

void print_selection(const SelectionInputs& inputs, const std::filesystem::path& output) {
    const auto table = make_selection(inputs);
    write_plain_tables(output / "tables", {table});
    std::cout << "\n" << to_markdown(table);
}

int ablate(const SweepOptions& options, const AblationOptions& ablation,
           const Communicator& world) {
    const auto [findings, code] = find_on_all_ranks(options, world);
    if (!findings) { return code; }
    EffectTables effects(ablation.variables);
    const auto choosing = ablation.choosing.value_or(Choosing());
    SelectionInputs selection{{}, {}, choosing.held_out, choosing.by};
    const auto take = [&](std::size_t request, const Results& results) {
        if (request == ablation.choices.size()) {
            selection.defaults = without_images(results);
            return;
        }
        const auto& choice = ablation.choices[request];
        effects.add(choice.values, results);
        if (!ablation.choosing) { return; }
        selection.choices.push_back({name_of_choice(ablation, choice), without_images(results)});
    };
    const auto work = run_reductions(options, *findings, requests_of(ablation), world, take);
    if (work.ended) { return *work.ended; }
    if (!world.is_root()) { return kExitDone; }
    print_effects(effects, options.settings.output);
    if (ablation.choosing) { print_selection(selection, options.settings.output); }
    print_work(work, "choice", options.settings);
    return exit_code(work.status);
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
