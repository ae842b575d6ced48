/// \file
/// \brief `patchead metrics`: what can be measured.

#include <cstdio>
#include <string>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

void print_default() {
    std::printf("default:\n ");
    for (const auto name : metric_names()) { std::printf(" %s", std::string(name).c_str()); }
    std::printf("\n");
}

void print_asked_for() {
    std::printf("\nwhere they are asked for (--metrics all or by name):\n");
    for (const auto& metric : describe_metrics()) {
        if (!metric.fault.empty()) { continue; }
        std::printf("  %-30s %s\n", metric.form.c_str(), metric.meaning.c_str());
    }
}

void print_emulated() {
    std::printf("\nemulated, for comparison with a publication only (by name):\n");
    for (const auto& metric : describe_metrics()) {
        if (metric.fault.empty()) { continue; }
        std::printf("  %-30s %s\n%33ssource: %s\n%33swrong: %s\n", metric.form.c_str(),
                    metric.meaning.c_str(), "", metric.source.c_str(), "", metric.fault.c_str());
    }
}

}  // namespace

int run_metrics(const Arguments& arguments) {
    const auto parsed =
        parse_options(arguments, {.command = "patchead metrics",
                                  .arguments = "",
                                  .details = "Lists the metrics that --metrics of sweep takes; "
                                             "docs/evaluation.md defines them.\n",
                                  .options = po::options_description("options"),
                                  .positional = ""});
    if (parsed.help) { return kExitDone; }
    print_default();
    print_asked_for();
    print_emulated();
    return kExitDone;
}

}  // namespace patchead
