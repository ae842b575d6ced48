/// \file
/// \brief `patchead datasets check`: is what is on disk whole and sound?

#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "datasets.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/image_library.hpp"

namespace patchead {
namespace {

using nlohmann::json;

/// Findings of one kind that people are shown; a disk that fails makes thousands. JSON has all.
constexpr std::size_t kShownFindings = 20;

std::string range(int least, int most) {
    return least == most ? std::to_string(least) : fmt::format("{}-{}", least, most);
}

std::string size_text(const std::optional<SizeRange>& sizes) {
    if (!sizes) { return ""; }
    return range(sizes->least_width, sizes->most_width) + " x " +
           range(sizes->least_height, sizes->most_height);
}

std::string count_text(int found, const std::optional<ImageCounts>& published,
                       int ImageCounts::*member) {
    if (!published || (*published).*member == found) { return std::to_string(found); }
    return fmt::format("{} of {}", found, (*published).*member);
}

void print_categories(const DatasetCheck& check) {
    constexpr auto row = "  {:<24} {:>12} {:>12} {:>12}   {}\n";
    std::cout << fmt::format(row, "category", "train", "normal", "anomalous", "width x height, px");
    for (const auto& category : check.categories) {
        const auto text = [&](int ImageCounts::*member) {
            return count_text(category.found.*member, category.published, member);
        };
        std::cout << fmt::format(row, category.name, text(&ImageCounts::train),
                                 text(&ImageCounts::test_normal),
                                 text(&ImageCounts::test_anomalous), size_text(category.sizes));
    }
}

void print_findings(const DatasetCheck& check, bool errors) {
    std::size_t count = 0;
    for (const auto& finding : check.findings) {
        if (finding.is_error != errors) { continue; }
        if (++count <= kShownFindings) {
            std::cout << (errors ? "  error: " : "  warning: ") << finding.text << "\n";
        }
    }
    if (count > kShownFindings) {
        std::cout << "  ... and " << count - kShownFindings << " more; --json lists all\n";
    }
}

void print(const DatasetCheck& check) {
    std::cout << check.dataset;
    if (!check.root.empty()) {
        std::cout << ": layout '" << check.layout << "' in '" << check.root.string() << "'\n";
        print_categories(check);
        std::cout << "  id digest " << check.id_digest;
    }
    std::cout << "\n";
    print_findings(check, true);
    print_findings(check, false);
    std::cout << (check.findings.empty() ? "  no findings\n\n" : "\n") << std::flush;
}

json to_json(const ImageCounts& counts) {
    return {{"train", counts.train},
            {"test_normal", counts.test_normal},
            {"test_anomalous", counts.test_anomalous}};
}

json to_json(const CategoryCheck& category) {
    json to{{"name", category.name}, {"found", to_json(category.found)}};
    to["published"] = category.published ? to_json(*category.published) : json();
    if (const auto& sizes = category.sizes) {
        to["width_px"] = {sizes->least_width, sizes->most_width};
        to["height_px"] = {sizes->least_height, sizes->most_height};
    }
    return to;
}

json to_json(const DatasetCheck& check) {
    json to{{"dataset", check.dataset},    {"root", check.root.string()},
            {"layout", check.layout},      {"id_digest", check.id_digest},
            {"categories", json::array()}, {"errors", json::array()},
            {"warnings", json::array()}};
    for (const auto& category : check.categories) { to["categories"].push_back(to_json(category)); }
    for (const auto& finding : check.findings) {
        to[finding.is_error ? "errors" : "warnings"].push_back(finding.text);
    }
    return to;
}

/// File names may hold any bytes; JSON holds UTF-8.
std::string json_text(const json& value) {
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::vector<DatasetCheck> check_all(const DatasetChoice& choice, bool read_files, bool show) {
    std::vector<DatasetCheck> checks;
    for (const auto& name : choice.datasets) {
        checks.push_back(
            check_dataset(name, choice.data_root, choice.categories, {read_files, choice.threads}));
        if (show) { print(checks.back()); }
    }
    return checks;
}

int exit_code(const std::vector<DatasetCheck>& checks, bool strict) {
    for (const auto& check : checks) {
        if (check.has_errors() || (strict && !check.findings.empty())) { return kExitError; }
    }
    return kExitDone;
}

}  // namespace

int run_datasets_check(const std::vector<std::string>& arguments) {
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
         "Exit code 1 if there are errors.\n"},
        options);
    if (parsed.help) { return kExitDone; }
    const auto choice = read_choice(parsed.values);
    set_image_threads(1);  // Files are read in parallel, each on one thread.
    const auto checks = check_all(choice, !parsed.values["fast"].as<bool>(), json_file != "-");
    if (!json_file.empty()) {
        json all = json::array();
        for (const auto& check : checks) { all.push_back(to_json(check)); }
        write_output(json_file, json_text(all));
    }
    return exit_code(checks, parsed.values["strict"].as<bool>());
}

}  // namespace patchead
