/// \file
/// \brief `patchead report`: tables again from finished results.

#include <filesystem>
#include <iostream>

#include "command.hpp"
#include "patchead/core/files.hpp"
#include "patchead/report/results.hpp"
#include "patchead/report/tables.hpp"

namespace patchead {

int run_report(const std::vector<std::string>& arguments) {
    std::string results_file;
    std::string output;
    po::options_description options("options");
    options.add_options()("results", po::value(&results_file)->required()->value_name("FILE"),
                          "results.h5 of a sweep, or the output folder it lies in")(
        "output", po::value(&output)->value_name("DIR"),
        "where to write tables/ and results.csv; default: beside the results");
    const auto parsed =
        parse_options(arguments,
                      {"patchead report", "RESULTS [options]",
                       "Makes results.csv and all tables again from results.h5 and prints them.\n"},
                      options, "results");
    if (parsed.help) { return kExitDone; }
    std::filesystem::path file = results_file;
    if (std::filesystem::is_directory(file)) { file /= "results.h5"; }
    const auto folder = output.empty() ? file.parent_path() : std::filesystem::path(output);
    const auto results = read_results(file);
    write_whole(folder / "results.csv", results_csv(results));
    const auto tables = make_tables(results);
    write_tables(folder / "tables", tables);
    for (const auto& table : tables) { std::cout << "\n" << to_markdown(table); }
    return kExitDone;
}

}  // namespace patchead
