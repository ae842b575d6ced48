/// \file
/// \brief `patchead report`: tables again from finished results, of one run or of several.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "command.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/process.hpp"
#include "patchead/report/paper_tables.hpp"
#include "patchead/report/results.hpp"
#include "patchead/report/tables.hpp"

namespace patchead {
namespace {

std::filesystem::path results_in(const std::filesystem::path& input) {
    return std::filesystem::is_directory(input) ? input / "results.h5" : input;
}

po::options_description report_options() {
    po::options_description options("options");
    auto add = options.add_options();
    add("results", po::value<std::vector<std::string>>()->required()->value_name("FILE"),
        "results.h5 of a sweep, or its output folder; several are merged");
    add("output", po::value<std::string>()->value_name("DIR"),
        "where to write tables/ and results.csv; default: beside the results, if they are of one "
        "run");
    add("std", po::value<std::string>()->default_value("population"),
        "standard deviation over seeds: population or sample");
    add("paper", po::bool_switch(), "the paper's tables, too, beside the paper's numbers: paper/");
    add("tables", po::value<std::string>()->default_value("")->value_name("N,N,..."),
        "which of them, e.g. 1,3,5; default: all");
    add("partial", po::bool_switch(),
        "average over the categories that are there (told in footnotes, not compared)");
    add("pro", po::value<std::string>()->default_value("AUPRO"),
        "what stands for the paper's PRO: AUPRO or PRO@200");
    add("stand-in", po::value<std::vector<std::string>>()->value_name("NAME=BACKBONE@PX"),
        "a backbone in the place of one of the paper's, e.g. DINOv2=patchead_tiny@224; "
        "repeatable");
    add("html", po::bool_switch(), "a report for the browser, too: report/index.html");
    add("python", po::value<std::string>()->default_value("python3"),
        "Python with h5py, matplotlib and Jinja2, which makes it");
    return options;
}

Spread parse_spread(const std::string& word) {
    require<ConfigError>(word == "population" || word == "sample", "unknown --std '", word,
                         "'; one of: population, sample");
    return word == "sample" ? Spread::sample : Spread::population;
}

/// "1,3": {"1", "3"}.
std::vector<std::string> split_at_commas(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        if (end > at) { parts.push_back(text.substr(at, end - at)); }
        at = end + 1;
    }
    return parts;
}

std::map<std::string, StandIn> parse_stand_ins(const std::vector<std::string>& words) {
    std::map<std::string, StandIn> stand_ins;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        const auto at = word.rfind('@');
        require<ConfigError>(equals != std::string::npos && at != std::string::npos && equals < at,
                             "option --stand-in: '", word,
                             "' (it has no name, backbone and side); ",
                             "give it like DINOv2=patchead_tiny@224");
        stand_ins[word.substr(0, equals)] = {word.substr(equals + 1, at - equals - 1),
                                             whole_number("stand-in", word.substr(at + 1), 1)};
    }
    return stand_ins;
}

PaperOptions parse_paper_options(const po::variables_map& values) {
    PaperOptions options;
    options.tables = split_at_commas(values["tables"].as<std::string>());
    options.spread = parse_spread(values["std"].as<std::string>());
    options.pro = values["pro"].as<std::string>();
    require<ConfigError>(options.pro == "AUPRO" || options.pro == "PRO@200", "unknown --pro '",
                         options.pro, "'; one of: AUPRO, PRO@200");
    options.partial = values["partial"].as<bool>();
    options.stand_ins = parse_stand_ins(words(values, "stand-in"));
    const bool paper = values["paper"].as<bool>();
    require<ConfigError>(
        paper || (options.tables.empty() && options.stand_ins.empty() && !options.partial),
        "options --tables, --stand-in and --partial are about the paper's tables ",
        "(which were not asked for); add --paper");
    return options;
}

/// `results.h5` is written for merged runs only: of one run it would be a copy.
void write_report(const std::filesystem::path& folder, const Results& results, bool merged,
                  Spread spread) {
    write_whole(folder / "results.csv", results_csv(results));
    if (merged) { write_results(folder / "results.h5", results); }
    const auto tables = make_tables(results, spread);
    write_tables(folder / "tables", tables);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
}

void write_paper(const std::filesystem::path& folder, const PaperReport& report) {
    write_paper_tables(folder / "paper", report);
    for (const auto& table : report.tables) { std::cout << "\n" << to_markdown(table); }
    for (const auto& reason : report.left_out) { std::cout << "\n" << reason << "\n"; }
}

/// Of the tables in `folder`, the results behind them, and the maps of the runs they come from.
void write_html(const std::filesystem::path& folder, const std::filesystem::path& results,
                const std::vector<std::string>& inputs, const std::string& python) {
    std::vector<std::string> command{python,           PATCHEAD_ANALYSIS_DIR "/make_report.py",
                                     folder.string(),  "--results",
                                     results.string(), "--maps"};
    for (const auto& input : inputs) {
        command.push_back(std::filesystem::absolute(results_in(input)).parent_path().string());
    }
    std::cout << std::flush;
    require<ConfigError>(run_program(command) == 0, "there is no HTML report (see above; the ",
                         "tables are done); mend the cause and run the same command again");
}

}  // namespace

int run_report(const std::vector<std::string>& arguments) {
    const auto parsed = parse_options(
        arguments,
        {"patchead report", "RESULTS... [options]",
         "Makes results.csv and all tables again from results.h5 and prints them. The results of\n"
         "several runs are merged, if they saw the same samples.\n"},
        report_options(), "results");
    if (parsed.help) { return kExitDone; }
    const auto& inputs = parsed.values["results"].as<std::vector<std::string>>();
    const bool placed = parsed.values.count("output") > 0;
    require<ConfigError>(inputs.size() == 1 || placed, inputs.size(),
                         " results are to be merged (they lie in different folders); say where to ",
                         "with --output DIR");
    const auto options = parse_paper_options(parsed.values);
    std::vector<ResultsFile> files;
    for (const auto& input : inputs) {
        const auto file = results_in(input);
        files.push_back({file.string(), read_results(file)});
    }
    const auto folder = placed ? std::filesystem::path(parsed.values["output"].as<std::string>())
                               : results_in(inputs.front()).parent_path();
    const auto results = merge_results(files);
    const auto repeated = results.provenance.find("repeated_points");
    if (files.size() > 1 && repeated != results.provenance.end()) {
        std::cout << repeated->second << " points are in several runs and count once\n";
    }
    write_report(folder, results, files.size() > 1, options.spread);
    if (parsed.values["paper"].as<bool>()) {
        write_paper(folder, make_paper_tables(results, options));
    }
    if (parsed.values["html"].as<bool>()) {
        write_html(folder, files.size() > 1 ? folder / "results.h5" : results_in(inputs.front()),
                   inputs, parsed.values["python"].as<std::string>());
    }
    return kExitDone;
}

}  // namespace patchead
