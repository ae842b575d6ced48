/// \file
/// \brief `patchead datasets list|check|duplicates|freeze|table6`.

#include <array>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/dataset_choice.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/data/manifest.hpp"

namespace patchead {
namespace {

std::string where(const DatasetEntry& entry, const std::filesystem::path& data_root) {
    if (data_root.empty()) { return "not looked for; pass --data-root"; }
    const auto root = find_dataset(entry, data_root);
    if (root.empty()) { return concat("not in '", data_root.string(), "'"); }
    try {
        return describe(index_dataset(entry.name, data_root, {}));
    } catch (const DataError& error) {
        return concat("in '", root.string(), "', but: ", error.what());
    }
}

void print_entry(const DatasetEntry& entry, const std::filesystem::path& data_root) {
    const auto& info = entry.get().info();
    std::string categories;
    for (const auto& category : info.categories) {
        categories += concat(categories.empty() ? "" : " ", category.name);
    }
    std::cout << entry.name << " (" << entry.title << ")\n"
              << "  categories  " << (categories.empty() ? "as found" : categories) << "\n"
              << "  licence     " << info.licence << "\n"
              << "  citation    " << info.citation << "\n"
              << "  source      " << info.source << "\n"
              << "  tree        " << info.tree << "\n"
              << "  found       " << where(entry, data_root) << "\n\n";
}

int run_list(const Arguments& arguments) {
    std::string data_root;
    po::options_description options("options");
    options.add_options()("data-root", po::value(&data_root)->value_name("DIR"),
                          "say which of the data sets are there");
    const auto parsed =
        parse_options(arguments, {"patchead datasets list", "[options]",
                                  "Names, categories, licence, citation and source of every "
                                  "data set, and what of it is on disk.\n",
                                  options});
    if (parsed.help) { return kExitDone; }
    for (const auto& entry : datasets()) { print_entry(entry, data_root); }
    return kExitDone;
}

int run_table6(const Arguments& arguments) {
    std::string data_root;
    po::options_description options("options");
    options.add_options()("data-root", po::value(&data_root)->required()->value_name("DIR"),
                          "folder that holds the data sets");
    const auto parsed = parse_options(
        arguments,
        {"patchead datasets table6", "--data-root DIR",
         "Table 6 of the paper from what is on disk, beside the paper's numbers (Markdown).\n",
         options});
    if (parsed.help) { return kExitDone; }
    std::cout << table6_markdown(table6(data_root));
    return kExitDone;
}

int run_freeze(const Arguments& arguments) {
    std::string output;
    po::options_description options("options");
    add_choice(options);
    options.add_options()("output", po::value(&output)->required()->value_name("FILE"),
                          "the manifest to write; - for the standard output")(
        "fast", po::bool_switch(), "freeze names only: leave out the digests of the files");
    const auto parsed = parse_options(
        arguments,
        {"patchead datasets freeze", "--data-root DIR --dataset NAME... --output FILE [options]",
         "Writes the list of all samples, so that another machine runs the very same split with\n"
         "patchead sweep --manifest FILE. Paths are relative to the folder of each data set.\n",
         options});
    if (parsed.help) { return kExitDone; }
    const auto choice = read_choice(parsed.values);
    require<ConfigError>(choice.is_named, "which data sets are to be frozen is not said; ",
                         "pass --dataset NAME...");
    std::vector<DatasetIndex> indexes;
    for (const auto& name : choice.datasets) {
        indexes.push_back(index_dataset(name, choice.data_root, choice.categories));
        auto& index = indexes.back();
        for (const auto& note : index.notes) { std::cerr << "note: " << printable(note) << "\n"; }
        if (!parsed.values["fast"].as<bool>()) { digest_samples(index.samples, choice.threads); }
        std::cerr << describe(index) << "; id digest " << id_digest(index.samples) << "\n";
    }
    write_output(output, freeze(indexes));
    return kExitDone;
}

constexpr auto kDatasetCommands = std::to_array<Command>({
    {"list", &run_list, "names, categories, licence, citation, source, and what is found"},
    {"check", &run_datasets_check, "counts, unreadable files, masks, duplicates, sizes"},
    {"duplicates", &run_datasets_duplicates,
     "images that show nearly the same thing, by features of a backbone"},
    {"freeze", &run_freeze, "write the split to a manifest for another machine"},
    {"table6", &run_table6, "the paper's Table 6 from what is on disk"},
});

}  // namespace

void write_output(const std::string& file, const std::string& text) {
    if (file == "-") {
        std::cout << text;
    } else {
        write_whole(file, text);
    }
}

int run_datasets(const Arguments& arguments) {
    if (wants_overview(arguments)) {
        std::cout << "usage: patchead datasets COMMAND [options]      patchead datasets COMMAND "
                     "--help\n\n"
                  << summary_of(kDatasetCommands)
                  << "\nEach takes --config FILE with its options too.\n";
        return arguments.empty() ? kExitError : kExitDone;
    }
    return run_named(kDatasetCommands, "command of patchead datasets", arguments);
}

}  // namespace patchead
