#include "options/report_options.hpp"

#include "options/bootstrap_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/text.hpp"
#include "patchead/report/threshold_rules.hpp"

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

po::options_description report_options() {
    po::options_description options("options");
    auto add = options.add_options();
    add("results", po::value<std::vector<std::string>>()->required()->value_name("FILE"),
        "results.h5 of a sweep, or its output folder; several are merged");
    add("output", po::value<std::string>()->value_name("DIR"),
        "where to write tables/ and results.csv; default: beside the results, if they are of one "
        "run");
    add("paper", po::bool_switch(), "the paper's tables, too, beside the paper's numbers: paper/");
    add("tables", po::value<std::string>()->default_value("")->value_name("N,N,..."),
        "which of them, e.g. 1,3,5; default: all");
    add("rivals", po::bool_switch(),
        "all detectors beside each other, with what a query costs, beside the numbers that the "
        "paper quotes: rivals/");
    add("metrics", po::value<std::vector<std::string>>()->multitoken()->value_name("NAME..."),
        "columns of the tables, in this order, e.g. P-AP P-F1max AUPRO@0.05; default: as measured");
    add("worst", po::bool_switch(), "summaries: the worst category of each metric, too");
    add("pooled", po::bool_switch(),
        "summaries: I-AUROC over the images of all categories as one, too");
    add_paper_options(options);
    add_bootstrap_options(options, 0);
    add_row(options, {"threshold", "RULE...", kThresholdHelp, OptionRow::Kind::words});
    add("against",
        po::value<std::string>()->default_value("modules=none")->value_name("LABEL=VALUE"),
        "with --bootstrap: what to compare with: a backbone, image_size, shots, modules or "
        "detector");
    add("html", po::bool_switch(), "a report for the browser, too: report/index.html");
    add("figures", po::bool_switch(), "the paper's figures of these results, too: figures/");
    add("python", po::value<std::string>()->value_name("PROGRAM"),
        "Python with h5py, Pillow, matplotlib and Jinja2, which makes both; default: "
        "PATCHEAD_PYTHON, python3 or /usr/bin/python3, the first that has them");
    return options;
}

PaperOptions parse_options_of_paper(const po::variables_map& values) {
    auto options = parse_paper_options(values);
    if (const auto tables = text_of(values, "tables"); !tables.empty()) {
        for (const auto& name : split_at_commas(tables)) { append_new(name, options.tables); }
    }
    const bool paper = values["paper"].as<bool>();
    require<ConfigError>(
        paper || (options.tables.empty() && options.stand_ins.empty() && !options.partial),
        "options --tables, --stand-in and --partial are about the paper's tables ",
        "(which were not asked for); add --paper");
    return options;
}

TableColumns parse_columns(const po::variables_map& values) {
    return {.metrics = words(values, "metrics"),
            .worst = values["worst"].as<bool>(),
            .pooled = values["pooled"].as<bool>()};
}

Baseline parse_against(const po::variables_map& values) {
    const auto& against = values["against"];
    require<ConfigError>(against.defaulted() || parse_bootstrap(values),
                         "option --against is about the bootstrap (which was not asked for); add ",
                         "--bootstrap 1000");
    return parse_baseline(against.as<std::string>());
}

}  // namespace patchead
