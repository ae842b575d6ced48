/// \file
/// \brief `patchead detectors`: which detectors there are, and their options.

#include <cstdio>
#include <string>
#include <vector>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/detector_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead {
namespace {

void print_line(std::string_view label, std::string_view text) {
    std::printf("  %-12s %.*s\n", std::string(label).c_str(), static_cast<int>(text.size()),
                text.data());
}

std::string modes_of(const DetectorInfo& info) {
    const auto detector = make_detector(info.name);
    std::string modes = detector->is_for(Setting::few_shot) ? "few-shot" : "";
    if (detector->is_for(Setting::zero_shot)) {
        modes += modes.empty() ? "batch zero-shot" : ", batch zero-shot";
    }
    return modes;
}

void print_short(std::string_view name, const std::string& modes, std::string_view title) {
    std::printf("%-14s %-26s %.*s\n", std::string(name).c_str(), modes.c_str(),
                static_cast<int>(title.size()), title.data());
}

void print_all() {
    print_short("name", "modes", "title");
    print_short(kPatchEadName, "few-shot, batch zero-shot", "PatchEAD");
    for (const auto& info : detectors()) { print_short(info.name, modes_of(info), info.title); }
    std::printf(
        "\npatchead detectors NAME lists the options of one; docs/detectors.md has a "
        "section for each.\n");
}

void print_published(const DetectorInfo& info) {
    for (const auto& line : info.published) {
        print_line("", concat(line.dataset, ": ", line.option, "=", line.value));
    }
}

void print_detector(const DetectorInfo& info) {
    std::printf("%s (%s)\n", std::string(info.name).c_str(), std::string(info.title).c_str());
    print_line("modes", modes_of(info));
    print_line("source", info.source);
    if (!info.network.empty()) { print_line("published", concat("with ", info.network)); }
    if (!info.port.empty()) { print_line("port", info.port); }
    print_line("options", info.options.empty() ? "none" : "");
    for (const auto& option : info.options) {
        print_line("", concat(option.name, "=", option.initial, "  ", option.help));
    }
    if (info.published.empty()) { return; }
    print_line("by data set", concat("--detector ", info.name, kPublishedSuffix,
                                     " takes those of the publication, tuned on the test data"));
    print_published(info);
}

}  // namespace

int run_detectors(const Arguments& arguments) {
    po::options_description options("options");
    options.add_options()(
        "detector", po::value<std::vector<std::string>>()->multitoken()->value_name("NAME..."),
        "only these, with their options");
    const auto parsed = parse_options(
        arguments, {.command = "patchead detectors",
                    .arguments = "[NAME...]",
                    .details = "Lists the detectors that --detector names; of a named one its "
                               "source, what was ported\notherwise than published, and its "
                               "options with their defaults.\n",
                    .options = options,
                    .positional = "detector"});
    if (parsed.help) { return kExitDone; }
    const auto names = words(parsed.values, "detector");
    if (names.empty()) { print_all(); }
    for (const auto& name : names) {
        print_detector(find<DetectorInfo>(detectors(), "detector", name));
    }
    return kExitDone;
}

}  // namespace patchead
