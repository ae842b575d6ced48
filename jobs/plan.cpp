/// \file
/// \brief `patchead plan`: what a sweep would do, and how long that takes on how many ranks.

#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "options/sweep_options.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/text.hpp"
#include "patchead/engine/run_sweep.hpp"
#include "patchead/setup/measure_speed.hpp"
#include "patchead/setup/plan_overview.hpp"
#include "patchead/setup/published_inputs.hpp"
#include "patchead/setup/sweep_inputs.hpp"

namespace patchead {
namespace {

/// The options of `plan` itself; all others are those of the sweep.
po::options_description plan_options() {
    using Kind = OptionRow::Kind;
    return group_of(
        "options",
        {{"ranks", "N,N,...", "numbers of ranks", Kind::text, "1,2,8,64"},
         {"simulate", "", "the same as --ranks 8,64,512,4096", Kind::flag},
         {"rates", "RUN.JSON",
          "speeds of a finished run; else networks and the other steps are timed here"},
         {"published", "", "published counts instead of files: neither data nor weights are needed",
          Kind::flag},
         {"json", "", "for programs", Kind::flag}});
}

CommandSyntax plan_syntax() {
    CommandSyntax syntax{"patchead plan", "[options] [the options of a sweep, --config FILE ...]",
                         "Says what a sweep expands to, what of it is in the store, and plays its "
                         "schedule on numbers of\nranks. Computes nothing.\n",
                         plan_options()};
    syntax.hidden.add(sweep_option_groups());
    syntax.overrides = {"--output=."};  // Nothing is written, so that the folder does not matter.
    return syntax;
}

std::vector<int> ranks_of(const po::variables_map& values) {
    const auto text = values["simulate"].as<bool>() ? "8,64,512,4096" : text_of(values, "ranks");
    std::vector<int> ranks;
    for (const auto& word : split_at_commas(text)) {
        append_new(whole_number("ranks", word, 1), ranks);
    }
    return ranks;
}

/// What is left to do, at the speeds of a run or else of this machine.
WorkGraph timed_graph(const po::variables_map& values, const Resources& resources,
                      const std::vector<BackboneSource>& sources, const SweepPlan& plan,
                      const StoreState& state) {
    if (values.count("rates") > 0) {
        auto graph = make_graph(plan, state);  // At the speeds of its model_seconds.
        graph.tasks = scaled_tasks(graph, speed_factors(text_of(values, "rates")));
        return graph;
    }
    const auto speed = values["published"].as<bool>() ? measure_speed_without_files(resources)
                                                      : measure_speed(sources, plan, resources);
    std::cerr << "note: speed of a rank here: " << speed_text(speed, plan.spec) << "\n";
    return make_graph(plan, state, speed);
}

PlanOverview look(const po::variables_map& values) {
    const auto [request, settings] = read_sweep_options(values);
    const bool published = values["published"].as<bool>();
    const auto resources = settings.resources();
    const auto inputs = published ? published_inputs(request)
                                  : make_inputs(find_inputs(request, resources, {}), request);
    const auto plan = make_plan(inputs.spec);
    std::optional<Store> store;
    if (!published && std::filesystem::is_directory(settings.store)) {
        store.emplace(settings.store);
    }
    const auto state = state_of(plan, store ? &*store : nullptr);
    const auto graph = timed_graph(values, resources, inputs.sources, plan, state);
    return make_overview(plan, graph, ranks_of(values));
}

}  // namespace

int run_plan_command(const Arguments& arguments) {
    const bool overview = arguments.empty();
    const auto parsed = parse_options(overview ? Arguments{"--help"} : arguments, plan_syntax());
    if (parsed.help) { return overview ? kExitError : kExitDone; }
    const auto found = look(parsed.values);
    std::cout << (parsed.values["json"].as<bool>() ? to_json(found) : to_text(found));
    return kExitDone;
}

}  // namespace patchead
