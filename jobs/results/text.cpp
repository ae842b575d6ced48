/// \file
/// \brief `patchead text`: what words and what patches tell apart, of the image scores of a run.

#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/bootstrap_options.hpp"
#include "options/parse_options.hpp"
#include "options/report_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/report/text_study.hpp"

namespace patchead {
namespace {

po::options_description text_options() {
    po::options_description options("options");
    auto add = options.add_options();
    add("results", po::value<std::vector<std::string>>()->required()->value_name("RUN"),
        "results.h5 of a sweep, or its output folder; several are merged");
    add("output", po::value<std::string>()->value_name("DIR"),
        "where to write the tables; default: text/ beside the results, if they are of one run");
    add("bins", po::value<std::string>()->default_value("30")->value_name("N"),
        "of the histograms whose overlap is told");
    add("units", po::value<std::string>()->default_value("deviations")->value_name("WHICH"),
        "of I_CLUB and shift: deviations (standard deviations of the critic's scores) or scores "
        "(as they are)");
    add("categories", po::bool_switch(), "print the tables by category, too");
    add_bootstrap_options(options, 1000);
    return options;
}

TextStudyOptions parse_study(const po::variables_map& values) {
    TextStudyOptions options;
    options.bins = whole_number("bins", values["bins"].as<std::string>(), 2);
    const auto units = values["units"].as<std::string>();
    require<ConfigError>(units == "deviations" || units == "scores", "unknown --units '", units,
                         "'; one of: deviations, scores");
    options.in_deviations = units == "deviations";
    options.bootstrap = parse_bootstrap(values).value_or(BootstrapOptions{.resamples = 0});
    return options;
}

Results merged_runs(const std::vector<std::string>& inputs) {
    std::vector<ResultsFile> files;
    files.reserve(inputs.size());
    for (const auto& input : inputs) { files.push_back(read_run(input)); }
    return merge_results(files);
}

}  // namespace

int run_text(const Arguments& arguments) {
    const auto parsed = parse_options(
        arguments,
        {"patchead text", "RUN... [options]",
         "Says what words and what patches tell apart (the paper's supplement C): of each "
         "detector\n"
         "of a sweep the overlap of the scores of normal and anomalous images, I-AUROC, and "
         "I_CLUB\n"
         "of Eq. (8), with augmented patches (U1) and paraphrased sentences (U2). The sweep of\n"
         "configs/figure7.cfg has what it needs. docs/method.md.\n",
         text_options(), "results"});
    if (parsed.help) { return kExitDone; }
    const auto& values = parsed.values;
    const auto& inputs = values["results"].as<std::vector<std::string>>();
    require<ConfigError>(inputs.size() == 1 || values.count("output") > 0, inputs.size(),
                         " results are to be merged (they lie in different folders); say where to ",
                         "with --output DIR");
    const auto options = parse_study(values);
    const auto tables = make_text_study(merged_runs(inputs), options);
    const auto folder = values.count("output") > 0
                            ? std::filesystem::path(values["output"].as<std::string>())
                            : results_in(inputs.front()).parent_path() / "text";
    write_text_study(folder, tables);
    for (const auto& table : tables) {
        const bool is_mean = !table.name.ends_with("_categories");
        if (is_mean || values["categories"].as<bool>()) { std::cout << "\n" << to_markdown(table); }
    }
    return kExitDone;
}

}  // namespace patchead
