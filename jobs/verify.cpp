/// \file
/// \brief `patchead verify DIR...`: golden fixtures against this program, or against a module of
/// the user's own.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>

#include <fmt/format.h>

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
        "network\nthat --backbone names in their place) with their texts, tokenizers, resizes, "
        "pickles. "
        "Prints the largest\ndifference of each from the published implementation. Exit code 1 if "
        "one is above "
        "tolerance or could not be run.\ndocs/backbones.md says how to make a fixture from a "
        "checkpoint of your own.\n",
        options, "fixture"};
}

/// The worst output of each tolerance, the widest first; NaN is worse than any number.
std::string worst_outputs(const FixtureResult& result) {
    std::map<double, const ComparedOutput*, std::greater<>> worst;
    for (const auto& output : result.outputs) {
        auto& known = worst[output.tolerance];
        const bool is_worse = known == nullptr || !(output.difference <= known->difference);
        if (is_worse) { known = &output; }
    }
    std::string text;
    for (const auto& [tolerance, output] : worst) {
        text += fmt::format("{}{:.1e} of {:.0e} in {}", text.empty() ? "worst " : ", ",
                            output->difference, tolerance, output->name);
    }
    return text;
}

void print(const FixtureResult& result) {
    const auto text = result.error.empty() ? fmt::format("{:2} outputs, {}", result.outputs.size(),
                                                         worst_outputs(result))
                                           : result.error;
    std::printf("%-6s %-60s %s\n", passed(result) ? "ok" : "FAILED", result.name.c_str(),
                text.c_str());
    if (result.left_out.empty()) { return; }
    std::printf("       not compared, since nothing here gives them: %s\n",
                fmt::format("{}", fmt::join(result.left_out, " ")).c_str());
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
