/// \file
/// \brief `patchead datasets check`: is what is on disk whole and sound?

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/dataset_choice.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/setup/check_report.hpp"

namespace patchead {
namespace {

std::vector<DatasetCheck> check_all(const DatasetChoice& choice, bool read_files, bool show) {
    std::vector<DatasetCheck> checks;
    for (const auto& name : choice.datasets) {
        checks.push_back(
            check_dataset(name, choice.data_root, choice.categories, {read_files, choice.threads}));
        if (show) { std::cout << to_text(checks.back()) << std::flush; }
    }
    return checks;
}

int code_of(const std::vector<DatasetCheck>& checks, bool strict) {
    for (const auto& check : checks) {
        if (check.has_errors() || (strict && !check.findings.empty())) { return kExitError; }
    }
    return kExitDone;
}

}  // namespace

int run_datasets_check(const Arguments& arguments) {
    std::string json_file;
    po::options_description options("options");
    add_choice(options);
    options.add_options()("json", po::value(&json_file)->value_name("FILE"),
                          "write all findings as JSON; - for the standard output")(
        "fast", po::bool_switch(), "names and counts only: open no image")(
        "strict", po::bool_switch(), "exit 1 on warnings too");
    const auto parsed = parse_options(
        arguments,
        {"patchead datasets check", "--data-root DIR [options]",
         "Counts against the published ones, unreadable files, masks that do not fit or are empty,"
         "\nimages that are both in train and in test, sizes, and the digest of the ids.\n"
         "Exit code 1 if there are errors.\n",
         options});
    if (parsed.help) { return kExitDone; }
    const auto choice = read_choice(parsed.values);
    set_image_threads(1);  // Files are read in parallel, each on one thread.
    const auto checks = check_all(choice, !parsed.values["fast"].as<bool>(), json_file != "-");
    if (!json_file.empty()) { write_output(json_file, to_json(checks)); }
    return code_of(checks, parsed.values["strict"].as<bool>());
}

}  // namespace patchead
