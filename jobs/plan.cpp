/// \file
/// \brief `patchead plan`: what a sweep would do, and how long that takes on how many ranks.

#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "options/sweep_options.hpp"
#include "patchead/core/error.hpp"
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
         {"ranks-per-node", "N",
          "ranks of each machine, the last --core-ranks of which have no GPU; 0 = all", Kind::text,
          "0"},
         {"simulate", "", "the same as --ranks 8,64,512,4096", Kind::flag},
         {"rates", "FILE",
          "speeds of a finished run (run.json) or of a machine (patchead selftest --json); else "
          "networks and the other steps are timed here"},
         {"device-rates", "NAME",
          concat("plan for ranks with a GPU each, of which none is at hand, at assumed speeds: ",
                 stated_gpus())},
         {"cores-per-rank", "N", "cores beside each GPU", Kind::text, "16"},
         {"cores-per-core-rank", "N", "cores of each of the --core-ranks beside GPUs", Kind::text,
          "1"},
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

/// From the file of --rates.
PlanSpeed read_speed(const std::string& file, const std::string& precision) {
    PlanSpeed result;
    if (const auto found = read_selftest_speed(file, precision)) {
        result.speed = found->cores;
        result.gpu = found->gpu;
    } else {
        result.factors = speed_factors(file);  // Of the model's speeds.
    }
    return result;
}

PlanSpeed measured_speed(const po::variables_map& values, const Resources& resources,
                         const SweepInputs& inputs, const SweepPlan& plan) {
    const bool without_files = values["published"].as<bool>() || values.count("device-rates") > 0;
    const auto speed = without_files ? measure_speed_without_files(resources)
                                     : measure_speed(inputs.sources, plan, resources);
    std::cerr << "note: speed of a rank here: " << speed_text(speed, plan.spec) << "\n";
    return {.speed = speed};
}

PlanSpeed find_speed(const po::variables_map& values, const Resources& resources,
                     const SweepInputs& inputs, const SweepPlan& plan,
                     const std::string& precision) {
    auto result = values.count("rates") > 0 ? read_speed(text_of(values, "rates"), precision)
                                            : measured_speed(values, resources, inputs, plan);
    if (values.count("device-rates") > 0) {
        result.gpu = stated_speed(text_of(values, "device-rates"), precision);
    }
    if (result.gpu) {
        result.speed.forward_gflops = result.gpu->forward_gflops;
        result.speed.match_gflops = result.gpu->match_gflops;
    }
    return result;
}

/// A machine without a GPU looks up the artifacts of ranks that have one.
SweepInputs find_or_publish(const po::variables_map& values, const SweepRequest& request,
                            Resources& resources) {
    if (values["published"].as<bool>()) { return published_inputs(request); }
    const bool for_gpus = values.count("device-rates") > 0;
    if (for_gpus) { resources.device = "cpu"; }
    auto inputs = make_inputs(find_inputs(request, resources, {}), request);
    for (auto& backbone : inputs.spec.backbones) {
        if (for_gpus) { backbone.identity["device"] = "cuda"; }
    }
    return inputs;
}

PlanOverview look(const po::variables_map& values) {
    const auto [request, settings] = read_sweep_options(values);
    const bool published = values["published"].as<bool>();
    auto resources = settings.resources();
    const auto inputs = find_or_publish(values, request, resources);
    const auto plan = make_plan(inputs.spec);
    for (const auto& note : plan.notes) { std::cerr << "note: " << note << "\n"; }
    std::optional<Store> store;
    if (!published && std::filesystem::is_directory(settings.store)) {
        store.emplace(settings.store);
    }
    const auto state = state_of(plan, store ? &*store : nullptr);
    const auto speed = find_speed(values, resources, inputs, plan, request.backbones.precision);
    const auto whole = [&](const char* name, int least) {
        return whole_number(name, text_of(values, name), least);
    };
    return make_overview(plan, state, speed,
                         {ranks_of(values), whole("ranks-per-node", 0), settings.core_ranks,
                          whole("cores-per-rank", 1), whole("cores-per-core-rank", 1)});
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
