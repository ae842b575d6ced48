/// \file
/// \brief `patchead datasets duplicates`: images that show nearly the same thing.

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/outputs/duplicate_outputs.hpp"
#include "patchead/pipeline/duplicates.hpp"
#include "patchead/pipeline/facts_here.hpp"
#include "patchead/ranks/on_root.hpp"
#include "sweep_job.hpp"

namespace patchead {
namespace {

CommandSyntax duplicates_syntax() {
    po::options_description options;
    po::options_description own("duplicates");
    own.add_options()("ratio", po::value<std::string>()->default_value("0.5")->value_name("SHARE"),
                      "tell pairs at most so many times as far apart as an image of the category "
                      "and its nearest one usually are");
    own.add_options()("neighbours", po::value<std::string>()->default_value("5")->value_name("N"),
                      "images to which each is compared patch by patch: the nearest ones by their "
                      "mean embeddings, or with --image-token by those of whole images");
    options.add(own);
    options.add(sweep_option_groups());
    return {.command = "patchead datasets duplicates",
            .arguments = "--data-root DIR --dataset NAME... --store DIR --output DIR [options]",
            .details =
                "Finds near-duplicates within and across training and test images by the features "
                "of\na backbone, in the store or made now: a list, pictures, and without.tsv for\n"
                "patchead sweep --without. Under mpirun ranks share the passes.\n",
            .options = options,
            .essential = {"ratio", "neighbours", "data-root", "dataset", "category", "backbone",
                          "weights", "image-size", "store", "output", "config", "help-all"},
            .examples =
                "  patchead datasets duplicates --data-root DATA --dataset mvtec --store STORE "
                "--output FOUND\n"
                "  patchead sweep --without FOUND/without.tsv --data-root DATA --dataset mvtec "
                "--store STORE --output RUN\n"};
}

DuplicateOptions read_duplicate_options(const po::variables_map& values) {
    DuplicateOptions options;
    options.ratio = PositiveFraction().parse("ratio", text_of(values, "ratio"));
    options.neighbours =
        static_cast<std::size_t>(whole_number("neighbours", text_of(values, "neighbours"), 1));
    return options;
}

/// Every image of every category, through each backbone at each size that was named.
void ask_for_all_images(SweepRequest& request) {
    for (auto& grid : request.grids) {
        grid.shots = {kEachShot};
        grid.modules = {{}};
        grid.detectors.clear();
        grid.fuse_sides.clear();
        grid.fuse_backbones.clear();
    }
    request.detectors = {};
    request.method.prompts.copies = ReferenceCopies::none;
}

int find_and_tell(const SweepOptions& options, const DuplicateOptions& wanted,
                  const Communicator& world) {
    const auto [findings, code] = find_on_all_ranks(options, world);
    if (!findings) { return code; }
    const auto inputs = make_inputs(*findings, options.request);
    const auto plan = features_alone(make_plan(inputs.spec));
    const auto& settings = options.settings;
    const auto run = run_plan(settings, inputs, plan, world, Allowed::everything);
    if (!run) { return kExitError; }
    if (!world.is_root() || print_unfinished(*run) || run->status != RunStatus::finished) {
        return exit_code(run->status);
    }
    const auto found =
        find_duplicates(Store(settings.store), plan, wanted, {.device = device_of(inputs.sources)});
    for (const auto& note : write_duplicates(settings.output, plan, found)) {
        std::cerr << "note: " << printable(note) << "\n";
    }
    std::cout << to_markdown(duplicates_table(plan, found)) << "\n";
    return kExitDone;
}

}  // namespace

int run_datasets_duplicates(const Arguments& arguments) {
    DuplicateOptions wanted;
    const auto read = [&]() -> std::optional<SweepOptions> {
        const auto parsed = parse_options(arguments, duplicates_syntax());
        if (parsed.help) { return std::nullopt; }
        wanted = read_duplicate_options(parsed.values);
        auto options = read_sweep_options(parsed.values);
        ask_for_all_images(options.request);
        return options;
    };
    return run_sweep_job(read, [&](const SweepOptions& options, const Communicator& world) {
        return find_and_tell(options, wanted, world);
    });
}

}  // namespace patchead
