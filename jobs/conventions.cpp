/// \file
/// \brief `patchead conventions`: the maps of a sweep, measured as other publications do.

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/convention_options.hpp"
#include "patchead/report/effects.hpp"
#include "patchead/report/swing.hpp"
#include "patchead/results/results.hpp"
#include "region_tables.hpp"
#include "sweep_job.hpp"

namespace patchead {
namespace {

/// Which conventions there are, and who uses them.
PlainTable table_of_conventions(const ConventionOptions& conventions) {
    PlainTable table{"conventions", "Conventions of evaluation", {}, 2, {}, {}};
    table.columns = {{"convention"}, {"option"}, {"value"}, {"base"}, {"used by"}};
    for (const auto& choice : conventions.choices) {
        table.rows.push_back({{choice.convention},
                              {"--" + choice.option},
                              {choice.value},
                              {choice.is_base ? "✓" : ""},
                              {choice.used_by}});
    }
    table.footnotes = {
        "base: what the run has; each is varied by itself, the others as in the base. "
        "A base that is none of the values is varied to all of them."};
    return table;
}

/// Those that are run: the base, and what differs from it.
std::vector<const ConventionChoice*> varied_of(const ConventionOptions& conventions) {
    std::vector<const ConventionChoice*> varied;
    for (const auto& choice : conventions.choices) {
        if (!choice.is_base) { varied.push_back(&choice); }
    }
    return varied;
}

void print_tables(const std::vector<PlainTable>& tables, const std::filesystem::path& output) {
    write_plain_tables(output / "tables", tables);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
}

/// What of the defects each convention leaves.
std::vector<PlainTable> find_region_tables(const SweepFindings& findings,
                                           const ConventionOptions& conventions) {
    const auto losses = [&](const SweepRequest& request) {
        return region_losses(make_plan(make_inputs(findings, request).spec));
    };
    RegionTables tables(losses(conventions.base));
    for (const auto* choice : varied_of(conventions)) {
        if (!choice->moves_masks) { continue; }
        tables.add(choice->convention, choice->value, losses(choice->request));
    }
    return tables.take();
}

int conventions_job(const SweepOptions& options, const ConventionOptions& conventions,
                    const Communicator& world) {
    const auto [findings, code] = find_on_all_ranks(options, world);
    if (!findings) { return code; }
    const auto varied = varied_of(conventions);
    std::vector<const SweepRequest*> requests{&conventions.base};
    for (const auto* choice : varied) { requests.push_back(&choice->request); }
    EffectTables effects({"convention", "value"});
    ConventionResults results{{}, conventions.base_values, {}};
    const auto take = [&](std::size_t request, const Results& found) {
        if (request == 0) {
            results.base = without_images(found);
            effects.add({"base", ""}, found);
            return;
        }
        const auto& choice = *varied[request - 1];
        effects.add({choice.convention, choice.value}, found);
        results.varied.push_back({choice.convention, choice.value, without_images(found)});
    };
    const auto work = run_reductions(options, *findings, requests, world, take);
    if (work.ended) { return *work.ended; }
    if (!world.is_root()) { return kExitDone; }
    const auto& output = options.settings.output;
    write_plain_tables(output / "tables", {table_of_conventions(conventions)});
    write_tables(output / "tables", effects.tables());
    print_tables(make_swing_tables(results), output);
    print_tables(find_region_tables(*findings, conventions), output);
    print_work(work, "reading", options.settings);
    return exit_code(work.status);
}

}  // namespace

int run_conventions(const Arguments& arguments) {
    ConventionOptions conventions;
    return run_sweep_job([&] { return parse_convention_options(arguments, conventions); },
                         [&](const SweepOptions& options, const Communicator& world) {
                             return conventions_job(options, conventions, world);
                         });
}

}  // namespace patchead
