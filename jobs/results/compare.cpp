/// \file
/// \brief `patchead compare`: two runs cell by cell.

#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/bootstrap_options.hpp"
#include "options/parse_options.hpp"
#include "options/report_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/report/comparison.hpp"

namespace patchead {
namespace {

po::options_description compare_options() {
    po::options_description options("options");
    auto add = options.add_options();
    add("results", po::value<std::vector<std::string>>()->required()->value_name("RUN"),
        "two results.h5, or output folders");
    add("output", po::value<std::string>()->value_name("DIR"),
        "also write compare.json, points.csv and the tables, with those of categories");
    add("all", po::bool_switch(), "show also the cells that are the same in both runs");
    add("exit-code", po::bool_switch(), "exit with 2 if points or values differ");
    add_spread_option(options);
    add_bootstrap_options(options, 1000);
    return options;
}

void write_comparison(const std::filesystem::path& folder, const RunComparison& comparison) {
    write_whole(folder / "compare.json", to_json(comparison));
    write_whole(folder / "points.csv", comparison.points_csv);
    write_comparisons(folder, comparison.means);
    write_comparisons(folder, comparison.categories);
}

}  // namespace

int run_compare(const Arguments& arguments) {
    const auto parsed = parse_options(
        arguments,
        {"patchead compare", "RUN_A RUN_B [options]",
         "Sets the values of two runs side by side. Points are matched by all their labels; the\n"
         "difference is RUN_B less RUN_A. Exits with 0 whatever differs, unless --exit-code is\n"
         "given.\n",
         compare_options(), "results"});
    if (parsed.help) { return kExitDone; }
    const auto& values = parsed.values;
    const auto& runs = values["results"].as<std::vector<std::string>>();
    require<ConfigError>(runs.size() == 2, runs.size(), " runs were named (two are compared); ",
                         "give RUN_A and RUN_B");
    const auto comparison = compare_runs(read_run(runs[0]), read_run(runs[1]),
                                         parse_bootstrap(values), parse_spread(values));
    std::cout << to_markdown(comparison, values["all"].as<bool>());
    if (values.count("output") > 0) {
        write_comparison(values["output"].as<std::string>(), comparison);
    }
    return values["exit-code"].as<bool>() && !comparison.equal() ? kExitDifferent : kExitDone;
}

}  // namespace patchead
