/// \file
/// \brief `patchead report`: tables again from finished results, of one run or of several.

#include <filesystem>
#include <iostream>

#include "command.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/report/results.hpp"
#include "patchead/report/tables.hpp"

namespace patchead {
namespace {

std::filesystem::path results_in(const std::filesystem::path& input) {
    return std::filesystem::is_directory(input) ? input / "results.h5" : input;
}

/// `results.h5` is written for merged runs only: of one run it would be a copy.
void write_report(const std::filesystem::path& folder, const Results& results, bool merged) {
    write_whole(folder / "results.csv", results_csv(results));
    if (merged) { write_results(folder / "results.h5", results); }
    const auto tables = make_tables(results);
    write_tables(folder / "tables", tables);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
}

}  // namespace

int run_report(const std::vector<std::string>& arguments) {
    std::vector<std::string> inputs;
    std::string output;
    po::options_description options("options");
    options.add_options()("results", po::value(&inputs)->required()->value_name("FILE"),
                          "results.h5 of a sweep, or its output folder; several are merged")(
        "output", po::value(&output)->value_name("DIR"),
        "where to write tables/ and results.csv; default: beside the results, if they are of one "
        "run");
    const auto parsed = parse_options(
        arguments,
        {"patchead report", "RESULTS... [options]",
         "Makes results.csv and all tables again from results.h5 and prints them. The results of\n"
         "several runs are merged, if they saw the same samples.\n"},
        options, "results");
    if (parsed.help) { return kExitDone; }
    require<ConfigError>(inputs.size() == 1 || !output.empty(), inputs.size(),
                         " results are to be merged (they lie in different folders); say where to ",
                         "with --output DIR");
    std::vector<ResultsFile> files;
    for (const auto& input : inputs) {
        const auto file = results_in(input);
        files.push_back({file.string(), read_results(file)});
    }
    const auto folder =
        output.empty() ? results_in(inputs.front()).parent_path() : std::filesystem::path(output);
    write_report(folder, merge_results(files), files.size() > 1);
    return kExitDone;
}

}  // namespace patchead
