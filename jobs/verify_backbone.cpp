/// \file
/// \brief `patchead verify-backbone DIR...`: golden fixtures against the native networks, or
/// against a module of the user's own.

#include <algorithm>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/verify.hpp"
#include "patchead/setup/weights_file.hpp"

namespace patchead {
namespace {

CommandSyntax syntax(const po::options_description& options) {
    return {"patchead verify-backbone", "DIR... [options]",
            "Runs every weights file of each fixture folder, or the network that --backbone names, "
            "and\nprints the largest absolute differences of patch embeddings and class-token "
            "attention. Exit\ncode 1 if one is above tolerance. docs/backbones.md says how to make "
            "a fixture from a\ncheckpoint of your own.\n",
            options, "fixture"};
}

void print(const VerifyCase& result) {
    const auto* verdict = passed(result) ? "ok" : "FAILED";
    if (result.error.empty()) {
        std::printf("%-6s %-60s tokens %.1e  attention %.1e\n", verdict, result.name.c_str(),
                    result.token_difference, result.attention_difference);
    } else {
        std::printf("%-6s %-60s %s\n", verdict, result.name.c_str(), result.error.c_str());
    }
}

/// Every weights file of each folder.
std::vector<VerifyCase> verify_all(const std::vector<std::string>& folders) {
    std::vector<VerifyCase> results;
    for (const auto& folder : folders) {
        for (auto& result : verify_fixture(folder)) {
            print(result);
            results.push_back(std::move(result));
        }
    }
    return results;
}

/// The network `name` on the input of each folder.
std::vector<VerifyCase> verify_one(const std::string& name,
                                   const std::vector<std::string>& folders) {
    const auto entry = find_backbone(name);
    const auto backbone = load_backbone(entry, find_weights(entry, {}, {}), {});
    std::vector<VerifyCase> results;
    for (const auto& folder : folders) {
        results.push_back(verify_encoder(folder, *backbone, entry.name));
        print(results.back());
    }
    return results;
}

}  // namespace

int run_verify_backbone(const Arguments& arguments) {
    std::vector<std::string> folders;
    std::string backbone;
    int threads = 1;
    po::options_description options("options");
    options.add_options()("fixture", po::value(&folders)->required()->value_name("DIR"),
                          "fixture folder: config.json, inputs, outputs and weights files")(
        "backbone", po::value(&backbone)->value_name("NAME"),
        "run this network instead of the weights files, e.g. torchscript:PATH")(
        "threads", po::value(&threads)->default_value(threads), "threads to compute with");
    if (parse_options(arguments, syntax(options)).help) { return kExitDone; }
    set_compute_threads(threads);
    std::ranges::sort(folders);
    const auto results = backbone.empty() ? verify_all(folders) : verify_one(backbone, folders);
    const bool all_passed =
        std::ranges::all_of(results, [](const auto& result) { return passed(result); });
    std::printf("%s (tolerance: tokens %.0e, attention %.0e)\n",
                all_passed ? "all within tolerance" : "some are NOT within tolerance",
                kTokenTolerance, kAttentionTolerance);
    return all_passed ? kExitDone : kExitError;
}

}  // namespace patchead
