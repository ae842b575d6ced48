/// \file
/// \brief `patchead report`: tables again from finished results, of one run or of several.

#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/bootstrap_options.hpp"
#include "options/parse_options.hpp"
#include "options/report_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/engine/query_times.hpp"
#include "patchead/report/comparison.hpp"
#include "patchead/report/costs.hpp"
#include "patchead/report/paper_tables.hpp"
#include "patchead/report/prompt_tables.hpp"
#include "patchead/report/rivals.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/report/threshold_tables.hpp"
#include "patchead/results/results.hpp"
#include "patchead/setup/python_tool.hpp"

namespace patchead {
namespace {

void write_report(const std::filesystem::path& folder, const Results& results, Spread spread,
                  const TableColumns& columns, const std::vector<ThresholdRule>& rules) {
    write_csv(folder, results);
    const auto tables = make_tables(results, spread, columns);
    write_tables(folder / "tables", tables);
    write_costs(folder, results, spread);
    const auto prompts = make_prompt_tables(results);
    write_prompt_tables(folder / "tables", prompts);
    const auto thresholds = make_threshold_tables(results, rules);
    write_threshold_tables(folder / "tables", thresholds);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
    for (const auto& table : prompts) { std::cout << "\n" << to_markdown(table); }
    for (const auto& table : thresholds) { std::cout << "\n" << to_markdown(table); }
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

/// With the times of the runs that the results are of.
void write_rivals_of(const std::filesystem::path& folder, const Results& results,
                     const PaperOptions& options, const std::vector<std::string>& inputs) {
    RivalsOptions rivals{options.spread, options.pro, {}};
    for (const auto& input : inputs) {
        const auto times =
            read_query_times(std::filesystem::absolute(results_in(input)).parent_path());
        rivals.times.insert(rivals.times.end(), times.begin(), times.end());
    }
    const auto tables = make_rivals(results, rivals);
    write_rivals(folder / "rivals", tables);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
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
    const auto rules = parse_threshold_rules(words(parsed.values, "threshold"));
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
    write_report(folder, results, options.spread, columns_of(results, parse_columns(parsed.values)),
                 rules.empty() ? threshold_rules_of(results) : rules);
    if (resampling) { write_bootstrap(folder, results, baseline, options.spread); }
    if (parsed.values["paper"].as<bool>()) {
        write_paper(folder, make_paper_tables(results, options));
    }
    if (parsed.values["rivals"].as<bool>()) { write_rivals_of(folder, results, options, inputs); }
    draw(parsed.values, folder,
         files.size() > 1 ? folder / "results.h5" : results_in(inputs.front()), inputs);
    return kExitDone;
}

}  // namespace patchead
