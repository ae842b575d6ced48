/// \file
/// \brief `patchead verify-backbone DIR...`: golden fixtures against the native networks.

#include <algorithm>
#include <cstdio>

#include "command.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/verify.hpp"

namespace patchead {

int run_verify_backbone(const std::vector<std::string>& arguments) {
    std::vector<std::string> folders;
    int threads = 1;
    po::options_description options("options");
    options.add_options()("fixture", po::value(&folders)->required()->value_name("DIR"),
                          "fixture folder: config.json, inputs, outputs and weights files")(
        "threads", po::value(&threads)->default_value(threads), "threads to compute with");
    const auto parsed = parse_options(
        arguments,
        {"patchead verify-backbone", "DIR... [options]",
         "Runs every weights file of each fixture folder and prints the largest absolute\n"
         "differences of patch embeddings and class-token attention. Exit code 1 if one is above\n"
         "tolerance. docs/backbones.md says how to make a fixture from a checkpoint of your "
         "own.\n"},
        options, "fixture");
    if (parsed.help) { return kExitDone; }
    set_compute_threads(threads);
    std::ranges::sort(folders);
    bool all_passed = true;
    for (const auto& folder : folders) {
        for (const auto& result : verify_fixture(folder)) {
            const bool good = passed(result);
            all_passed = all_passed && good;
            if (result.error.empty()) {
                std::printf("%-6s %-60s tokens %.1e  attention %.1e\n", good ? "ok" : "FAILED",
                            result.name.c_str(), result.token_difference,
                            result.attention_difference);
            } else {
                std::printf("%-6s %-60s %s\n", "FAILED", result.name.c_str(), result.error.c_str());
            }
        }
    }
    std::printf("%s (tolerance: tokens %.0e, attention %.0e)\n",
                all_passed ? "all within tolerance" : "some are NOT within tolerance",
                kTokenTolerance, kAttentionTolerance);
    return all_passed ? kExitDone : kExitError;
}

}  // namespace patchead
