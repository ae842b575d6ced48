/// \file
/// \brief `patchead report`: tables again from finished results, of one run or of several.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/bootstrap_options.hpp"
#include "options/parse_options.hpp"
#include "options/report_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/text.hpp"
#include "patchead/report/comparison.hpp"
#include "patchead/report/paper_tables.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"
#include "patchead/setup/python_tool.hpp"

namespace patchead {
namespace {

po::options_description report_options() {
    po::options_description options("options");
    auto add = options.add_options();
    add("results", po::value<std::vector<std::string>>()->required()->value_name("FILE"),
        "results.h5 of a sweep, or its output folder; several are merged");
    add("output", po::value<std::string>()->value_name("DIR"),
        "where to write tables/ and results.csv; default: beside the results, if they are of one "
        "run");
    add("paper", po::bool_switch(), "the paper's tables, too, beside the paper's numbers: paper/");
    add("tables", po::value<std::string>()->default_value("")->value_name("N,N,..."),
        "which of them, e.g. 1,3,5; default: all");
    add_paper_options(options);
    add_bootstrap_options(options, 0);
    add("against",
        po::value<std::string>()->default_value("modules=none")->value_name("LABEL=VALUE"),
        "with --bootstrap: what to compare with: a backbone, image_size, shots or modules");
    add("html", po::bool_switch(), "a report for the browser, too: report/index.html");
    add("figures", po::bool_switch(), "the paper's figures of these results, too: figures/");
    add("python", po::value<std::string>()->value_name("PROGRAM"),
        "Python with h5py, Pillow, matplotlib and Jinja2, which makes both; default: "
        "PATCHEAD_PYTHON, python3 or /usr/bin/python3, the first that has them");
    return options;
}

PaperOptions parse_options_of_paper(const po::variables_map& values) {
    auto options = parse_paper_options(values);
    if (const auto tables = text_of(values, "tables"); !tables.empty()) {
        for (const auto& name : split_at_commas(tables)) { append_new(name, options.tables); }
    }
    const bool paper = values["paper"].as<bool>();
    require<ConfigError>(
        paper || (options.tables.empty() && options.stand_ins.empty() && !options.partial),
        "options --tables, --stand-in and --partial are about the paper's tables ",
        "(which were not asked for); add --paper");
    return options;
}

Baseline parse_against(const po::variables_map& values) {
    const auto& against = values["against"];
    require<ConfigError>(against.defaulted() || parse_bootstrap(values),
                         "option --against is about the bootstrap (which was not asked for); add ",
                         "--bootstrap 1000");
    return parse_baseline(against.as<std::string>());
}

void write_report(const std::filesystem::path& folder, const Results& results, Spread spread) {
    write_whole(folder / "results.csv", results_csv(results));
    const auto tables = make_tables(results, spread);
    write_tables(folder / "tables", tables);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
}

/// What resampled results tell beside the intervals in their tables.
void write_bootstrap(const std::filesystem::path& folder, const Results& results,
                     const Baseline& baseline, Spread spread) {
    write_whole(folder / "bootstrap.csv", bootstrap_csv(results));
    const auto tables = compare_with_baseline(results, baseline, spread);
    write_comparisons(folder / "tables", tables);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
}

void write_paper(const std::filesystem::path& folder, const PaperReport& report) {
    write_paper_tables(folder / "paper", report);
    for (const auto& table : report.tables) { std::cout << "\n" << to_markdown(table); }
    for (const auto& reason : report.left_out) { std::cout << "\n" << reason << "\n"; }
}

/// What Python makes of the results `file`, and of the maps of the runs that they are of.
void draw(const po::variables_map& values, const std::filesystem::path& folder,
          const std::filesystem::path& file, const std::vector<std::string>& inputs) {
    std::vector<std::string> words{folder.string(), "--results", file.string(), "--maps"};
    for (const auto& input : inputs) {
        words.push_back(std::filesystem::absolute(results_in(input)).parent_path().string());
    }
    const auto run = [&](const char* option, const char* script, const char* outcome) {
        if (!values[option].as<bool>()) { return; }
        run_python_tool(script, words, text_of(values, "python"),
                        {"h5py", "numpy", "PIL", "matplotlib", "jinja2"}, outcome);
    };
    run("html", "make_report.py", "there is no HTML report");
    run("figures", "make_figures.py", "there are no figures");
}

}  // namespace

int run_report(const Arguments& arguments) {
    const auto parsed = parse_options(
        arguments,
        {"patchead report", "RESULTS... [options]",
         "Makes results.csv and all tables again from results.h5 and prints them. The results of\n"
         "several runs are merged, if they saw the same samples.\n",
         report_options(), "results"});
    if (parsed.help) { return kExitDone; }
    const auto& inputs = parsed.values["results"].as<std::vector<std::string>>();
    const bool placed = parsed.values.count("output") > 0;
    require<ConfigError>(inputs.size() == 1 || placed, inputs.size(),
                         " results are to be merged (they lie in different folders); say where to ",
                         "with --output DIR");
    const auto options = parse_options_of_paper(parsed.values);
    const auto resampling = parse_bootstrap(parsed.values);
    const auto baseline = parse_against(parsed.values);
    std::vector<ResultsFile> files;
    files.reserve(inputs.size());
    for (const auto& input : inputs) { files.push_back(read_run(input)); }
    const auto folder = placed ? std::filesystem::path(parsed.values["output"].as<std::string>())
                               : results_in(inputs.front()).parent_path();
    auto results = merge_results(files);
    const auto repeated = results.provenance.find("repeated_points");
    if (files.size() > 1 && repeated != results.provenance.end()) {
        std::cout << repeated->second << " points are in several runs and count once\n";
    }
    if (files.size() > 1) { write_results(folder / "results.h5", results); }  // Else a copy.
    if (resampling) { results = resample(std::move(results), *resampling); }
    write_report(folder, results, options.spread);
    if (resampling) { write_bootstrap(folder, results, baseline, options.spread); }
    if (parsed.values["paper"].as<bool>()) {
        write_paper(folder, make_paper_tables(results, options));
    }
    draw(parsed.values, folder,
         files.size() > 1 ? folder / "results.h5" : results_in(inputs.front()), inputs);
    return kExitDone;
}

}  // namespace patchead
