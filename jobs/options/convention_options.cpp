#include "options/convention_options.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "options/parse_options.hpp"
#include "options/report_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/text.hpp"
#include "patchead/plan/method_options.hpp"

namespace patchead {
namespace {

using WordList = std::vector<std::string>;

/// A line of conventions.def.
struct ConventionLine {
    const char* convention;
    const char* name;  ///< Of the option.
    const char* value;
    bool moves_masks;
    const char* used_by;
};
constexpr auto kConventions = std::to_array<ConventionLine>({
#define PATCHEAD_CONVENTION(convention, option, value, moves_masks, used_by) \
    {convention, option, value, moves_masks, used_by},
#include "options/conventions.def"
});

CommandSyntax convention_syntax() {
    po::options_description options;
    options.add(group_of(
        "conventions", {{"only", "NAME,NAME,...",
                         "options of these conventions only, e.g. eval-size,mask-resize; default: "
                         "all of docs/evaluation.md",
                         OptionRow::Kind::text}}));
    options.add(sweep_option_groups());
    return {
        "patchead conventions",
        "RUN --data-root DIR --store DIR [options] | [the options of a finished sweep]",
        "Measures the maps of a finished sweep by the conventions that publications differ in, "
        "one at\na time: by how many points each metric moves, and which methods change places. "
        "No forward\npass and no matrix product. RUN is its output folder, whose options hold "
        "unless others are\ngiven; without it they are those of the command line. Writes to "
        "RUN/conventions, or to --output.\n",
        options};
}

/// What a run recorded of its options, as lines of a config file.
std::string recorded_options(const std::string& run) {
    const auto file = read_run(run);
    const auto config = file.results.provenance.find("config");
    require<ConfigError>(config != file.results.provenance.end(), "'", file.name,
                         "' does not hold the options of one sweep (it was merged of several); "
                         "name one of these, or give the options of a sweep in place of a run");
    const auto lines = "\n" + config->second;
    require<ConfigError>(lines.find("\ngrid = ") == std::string::npos, "'", file.name,
                         "' is of a sweep with --grid, whose points have no options of their own; "
                         "give the options of the sweep in place of the run");
    return config->second;
}

/// The options that are varied.
WordList varied_options(const std::string& only) {
    WordList names;
    if (only.empty()) {
        for (const auto& line : kConventions) { append_new(std::string(line.name), names); }
        return names;
    }
    for (const auto& name : split_at_commas(only)) {
        append_new(
            std::string(
                find(std::span<const ConventionLine>(kConventions), "convention", name).name),
            names);
    }
    return names;
}

/// What `request` has for an option, as the option's own text.
std::string text_in(const SweepRequest& request, const std::string& option) {
    const auto options = method_options();
    const auto found = std::ranges::find(options, option, &MethodOption::name);
    if (found != options.end()) { return found->text(request.method); }
    return request.detectors.maps.empty() ? "published" : request.detectors.maps;
}

/// The run that the first word names, if it is one; it is taken out of `arguments`.
std::string take_run(WordList& arguments) {
    if (arguments.empty() || arguments.front().starts_with("-")) { return {}; }
    auto run = arguments.front();
    arguments.erase(arguments.begin());
    return run;
}

}  // namespace

std::optional<SweepOptions> parse_convention_options(const WordList& arguments,
                                                     ConventionOptions& conventions) {
    auto rest = arguments;
    auto syntax = convention_syntax();
    const auto run = asks_for_help(arguments) ? std::string() : take_run(rest);
    if (!run.empty()) {
        const auto folder = results_in(run).parent_path() / "conventions";
        syntax.recorded = {results_in(run).string(),
                           concat(recorded_options(run), "output = ", folder.string(), "\n")};
    }
    syntax.overrides = without_pictures();
    const auto parsed = parse_options(rest, syntax);
    if (parsed.help) { return std::nullopt; }
    auto options = read_sweep_options(parsed.values);
    conventions.base = options.request;
    const auto names = varied_options(text_of(parsed.values, "only"));
    for (const auto& line : kConventions) {
        if (std::ranges::count(names, line.name) == 0) { continue; }
        const auto base = text_in(options.request, line.name);
        conventions.base_values[line.convention] = base;
        conventions.choices.push_back({line.convention, line.name, line.value, line.used_by,
                                       line.moves_masks, base == line.value});
        if (base == line.value) { continue; }
        auto varied = syntax;
        varied.overrides.push_back(concat("--", line.name, "=", line.value));
        conventions.choices.back().request =
            read_sweep_options(parse_options(rest, varied).values).request;
    }
    return options;
}

}  // namespace patchead
