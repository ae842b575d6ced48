/// \file
/// \brief `patchead verify DIR...`: golden fixtures against this program, or against a module of
/// the user's own.

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/verify.hpp"
#include "patchead/setup/verify_folders.hpp"
#include "patchead/setup/weights_file.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

CommandSyntax syntax(const po::options_description& options) {
    return {
        "patchead verify", "DIR... [options]",
        "Runs every golden fixture at or below each folder: networks (each weights file, and the "
        "network\nthat --backbone names in their place), resizes, pickles. Prints the largest "
        "difference of each from\nthe published implementation. Exit code 1 if one is above "
        "tolerance or could not be run.\ndocs/backbones.md says how to make a fixture from a "
        "checkpoint of your own.\n",
        options, "fixture"};
}

/// Of outputs within tolerance the one that is nearest to it, else the worst.
const ComparedOutput& worst_of(const FixtureResult& result) {
    return *std::ranges::max_element(result.outputs, {}, [](const ComparedOutput& output) {
        const bool exact = output.tolerance == 0;
        const double share = exact ? output.difference * 1e6 : output.difference / output.tolerance;
        return share == share ? share : 1e300;  // NaN is the worst.
    });
}

void print(const FixtureResult& result) {
    const auto* verdict = passed(result) ? "ok" : "FAILED";
    if (!result.error.empty() || result.outputs.empty()) {
        std::printf("%-6s %-60s %s\n", verdict, result.name.c_str(), result.error.c_str());
        return;
    }
    const auto& worst = worst_of(result);
    std::printf("%-6s %-60s %3zu outputs, worst %.1e of %.0e in %s\n", verdict, result.name.c_str(),
                result.outputs.size(), worst.difference, worst.tolerance, worst.name.c_str());
    if (result.left_out.empty()) { return; }
    std::printf("       not compared, since nothing here gives them:");
    for (const auto& name : result.left_out) { std::printf(" %s", name.c_str()); }
    std::printf("\n");
}

/// Every fixture; one that is damaged does not hide the others.
std::vector<FixtureResult> verify_all(const std::vector<fs::path>& folders) {
    std::vector<FixtureResult> results;
    for (const auto& folder : find_fixtures(folders)) {
        const auto begin = results.size();
        try {
            std::ranges::move(verify_folder(folder), std::back_inserter(results));
        } catch (const Error& error) {
            results.push_back({.name = folder.filename().string(), .error = error.what()});
        }
        for (auto i = begin; i < results.size(); ++i) {
            results[i].name.insert(0, folder.parent_path().filename().string() + "/");
            print(results[i]);
        }
    }
    return results;
}

/// The network `name` on the input of each folder.
std::vector<FixtureResult> verify_one(const std::string& name,
                                      const std::vector<fs::path>& folders) {
    const auto entry = find_backbone(name);
    const auto backbone = load_backbone(entry, find_weights(entry, {}, {}), {});
    std::vector<FixtureResult> results;
    for (const auto& folder : find_fixtures(folders)) {
        results.push_back(verify_encoder(folder, *backbone, entry.name));
        print(results.back());
    }
    return results;
}

}  // namespace

int run_verify(const Arguments& arguments) {
    std::vector<fs::path> folders;
    std::string backbone;
    int threads = 1;
    po::options_description options("options");
    options.add_options()("fixture", po::value(&folders)->required()->value_name("DIR"),
                          "fixture folder, or one that holds some: config.json, inputs, outputs")(
        "backbone", po::value(&backbone)->value_name("NAME"),
        "run this network instead of the weights files, e.g. torchscript:PATH")(
        "threads", po::value(&threads)->default_value(threads), "threads to compute with");
    if (parse_options(arguments, syntax(options)).help) { return kExitDone; }
    set_compute_threads(threads);
    const auto results = backbone.empty() ? verify_all(folders) : verify_one(backbone, folders);
    const auto failed =
        std::ranges::count_if(results, [](const FixtureResult& result) { return !passed(result); });
    if (failed == 0) {
        std::printf("all %zu within tolerance\n", results.size());
        return kExitDone;
    }
    std::printf("%td of %zu are NOT within tolerance\n", failed, results.size());
    return kExitError;
}

}  // namespace patchead
