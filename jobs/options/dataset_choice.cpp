#include "options/dataset_choice.hpp"

#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/data/dataset.hpp"

namespace patchead {

void add_choice(po::options_description& options) {
    options.add_options()("data-root", po::value<std::string>()->required()->value_name("DIR"),
                          "folder that holds the data sets, or a data set's own folder")(
        "dataset",
        po::value<std::vector<std::string>>()->multitoken()->composing()->value_name("NAME..."),
        "data sets (default: published ones that are there)")(
        "category",
        po::value<std::vector<std::string>>()->multitoken()->composing()->value_name("NAME..."),
        "categories (default: all)")(
        "threads", po::value<int>()->default_value(cores_of_process(1)), "files read at a time");
}

DatasetChoice read_choice(const po::variables_map& values) {
    DatasetChoice choice;
    choice.data_root = values["data-root"].as<std::string>();
    choice.categories = words(values, "category");
    choice.threads = values["threads"].as<int>();
    require<ConfigError>(choice.threads >= 1, "option --threads: ", choice.threads,
                         " is no number of at least 1; leave it out to use all cores");
    choice.datasets = words(values, "dataset");
    choice.is_named = !choice.datasets.empty();
    for (const auto& name : choice.datasets) {
        const auto& entry = find(datasets(), "data set", name);
        static_cast<void>(find_dataset(entry, choice.data_root));  // The root is to be readable.
    }
    if (choice.is_named) { return choice; }
    for (const auto& entry : datasets()) {
        const bool is_published = !entry.get().info().categories.empty();
        if (is_published && !find_dataset(entry, choice.data_root).empty()) {
            choice.datasets.emplace_back(entry.name);
        }
    }
    require<DataError>(!choice.datasets.empty(), "no published data set in '",
                       choice.data_root.string(),
                       "' (no folder in it has the layout of one); pass the folder that holds the "
                       "data sets, or --dataset NAME to hear what is wrong with it");
    return choice;
}

}  // namespace patchead
