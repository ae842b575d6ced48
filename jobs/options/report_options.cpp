#include "options/report_options.hpp"

#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"

namespace patchead {
namespace {

std::map<std::string, StandIn> parse_stand_ins(const std::vector<std::string>& words) {
    std::map<std::string, StandIn> stand_ins;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        const auto at = word.rfind('@');
        require<ConfigError>(equals != std::string::npos && at != std::string::npos && equals < at,
                             "option --stand-in: '", word,
                             "' (it has no name, backbone and side); ",
                             "give it like DINOv2=patchead_tiny@224");
        const auto name = word.substr(0, equals);
        require<ConfigError>(!stand_ins.contains(name), "option --stand-in: '", name,
                             "' is given twice; leave one of them out");
        stand_ins[name] = {word.substr(equals + 1, at - equals - 1),
                           whole_number("stand-in", word.substr(at + 1), 1)};
    }
    return stand_ins;
}

}  // namespace

std::filesystem::path results_in(const std::filesystem::path& input) {
    return std::filesystem::is_directory(input) ? input / "results.h5" : input;
}

ResultsFile read_run(const std::filesystem::path& input) {
    const auto file = results_in(input);
    return {file.string(), read_results(file)};
}

void add_spread_option(po::options_description& options) {
    options.add_options()("std", po::value<std::string>()->default_value("population"),
                          "standard deviation over seeds: population or sample");
}

Spread parse_spread(const po::variables_map& values) {
    const auto word = values["std"].as<std::string>();
    require<ConfigError>(word == "population" || word == "sample", "unknown --std '", word,
                         "'; one of: population, sample");
    return word == "sample" ? Spread::sample : Spread::population;
}

void add_paper_options(po::options_description& options) {
    add_spread_option(options);
    auto add = options.add_options();
    add("partial", po::bool_switch(),
        "average over the categories that are there (told in footnotes, not compared)");
    add("pro", po::value<std::string>()->default_value("AUPRO"),
        "what stands for the paper's PRO: AUPRO or PRO@200");
    add("stand-in", po::value<std::vector<std::string>>()->value_name("NAME=BACKBONE@PX"),
        "a backbone in the place of one of the paper's, e.g. DINOv2=patchead_tiny@224; "
        "repeatable");
}

PaperOptions parse_paper_options(const po::variables_map& values) {
    PaperOptions options;
    options.spread = parse_spread(values);
    options.pro = values["pro"].as<std::string>();
    require<ConfigError>(options.pro == "AUPRO" || options.pro == "PRO@200", "unknown --pro '",
                         options.pro, "'; one of: AUPRO, PRO@200");
    options.partial = values["partial"].as<bool>();
    options.stand_ins = parse_stand_ins(words(values, "stand-in"));
    return options;
}

}  // namespace patchead
