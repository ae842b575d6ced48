#include "sweep_data.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/text.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/folder.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/manifest.hpp"
#include "patchead/data/perturb.hpp"

namespace patchead::inline setup_detail {
namespace {

void keep_categories(const std::vector<std::string>& categories, DatasetIndex& index) {
    if (categories.empty()) { return; }
    const auto counts = count_images(index.samples);
    std::vector<std::string_view> known;
    for (const auto& [category, count] : counts) { known.emplace_back(category); }
    for (const auto& category : categories) {
        require<ConfigError>(counts.contains(category), unknown_name("category", category, known));
    }
    std::erase_if(index.samples, [&](const Sample& sample) {
        return std::ranges::count(categories, sample.category) == 0;
    });
}

/// Those whose files are looked for: of "mvtec+noise" mvtec.
std::vector<std::string> base_datasets(const DataRequest& request) {
    std::vector<std::string> names;
    for (const auto& name : request.datasets) { append_new(base_dataset(name), names); }
    return names;
}

std::vector<DatasetIndex> from_manifest(const DataRequest& request) {
    auto indexes = read_manifest(request.manifest, request.data_root);
    std::vector<std::string_view> frozen;
    for (const auto& index : indexes) { frozen.emplace_back(index.dataset); }
    for (const auto& name : base_datasets(request)) {
        require<ConfigError>(std::ranges::count(frozen, name) > 0, "manifest '",
                             request.manifest.string(),
                             "': ", unknown_name("data set", name, frozen));
    }
    const auto wanted = base_datasets(request);
    std::erase_if(indexes, [&](const DatasetIndex& index) {
        return std::ranges::count(wanted, index.dataset) == 0;
    });
    for (auto& index : indexes) { keep_categories(categories_of(request, index.dataset), index); }
    return indexes;
}

std::vector<DatasetIndex> find_indexes(const DataRequest& request) {
    if (!request.manifest.empty()) { return from_manifest(request); }
    std::vector<DatasetIndex> indexes;
    for (const auto& name : base_datasets(request)) {
        const bool own_folders = name == "folder" && !request.folders.normal.empty();
        require<ConfigError>(own_folders || !request.data_root.empty(),
                             "the option '--data-root' is required but missing; pass the folder ",
                             "that holds the data sets");
        indexes.push_back(
            own_folders ? index_folders(request.folders)
                        : index_dataset(name, request.data_root, categories_of(request, name)));
    }
    return indexes;
}

/// Adds the samples of data set `name`, which are those of `index`, perturbed or as they are.
void add_samples(const std::string& name, const DatasetIndex& index, SweepData& data) {
    auto samples = name == index.dataset ? index.samples : perturbed_samples(index.samples, name);
    data.id_digests[name] = id_digest(samples);
    std::ranges::move(samples, std::back_inserter(data.samples));
}

std::vector<Sample> those(const std::vector<Sample>& samples,
                          const std::vector<std::size_t>& needed) {
    std::vector<Sample> wanted;
    for (const auto i : needed) { wanted.push_back(samples[i]); }
    return wanted;
}

}  // namespace

std::vector<std::string> categories_of(const DataRequest& request, const std::string& dataset) {
    std::vector<std::string> categories;
    for (const auto& word : request.categories) {
        const auto slash = word.find('/');
        if (slash == std::string::npos) {
            categories.push_back(word);
        } else if (word.substr(0, slash) == dataset) {
            categories.push_back(word.substr(slash + 1));
        }
    }
    return categories;
}

SweepData find_data(const DataRequest& request) {
    for (const auto& word : request.categories) {
        const auto slash = word.find('/');
        if (slash == std::string::npos) { continue; }
        static_cast<void>(find(datasets(), "data set", word.substr(0, slash)));
    }
    for (const auto& name : request.datasets) {  // Slips need no data.
        if (!perturbation_in_name(name).empty()) {
            static_cast<void>(parse_perturbation(perturbation_in_name(name)));
        }
    }
    SweepData data;
    for (auto& index : find_indexes(request)) {
        data.notes.push_back(describe(index));
        std::ranges::move(index.notes, std::back_inserter(data.notes));
        std::ranges::move(summarise(index.left_out), std::back_inserter(data.notes));
        std::ranges::move(tested_training_images(index.samples), std::back_inserter(data.notes));
        for (const auto& name : request.datasets) {
            if (base_dataset(name) == index.dataset) { add_samples(name, index, data); }
        }
    }
    return data;
}

void digest_needed(std::vector<Sample>& samples, const std::vector<std::size_t>& needed,
                   int threads) {
    auto wanted = those(samples, needed);
    digest_samples(wanted, threads);
    for (std::size_t i = 0; i < needed.size(); ++i) {
        samples[needed[i]].digest = wanted[i].digest;
    }
}

void size_needed(std::vector<Sample>& samples, const std::vector<std::size_t>& needed,
                 int threads) {
    auto wanted = those(samples, needed);
    read_sizes(wanted, threads);
    for (std::size_t i = 0; i < needed.size(); ++i) { samples[needed[i]].size = wanted[i].size; }
}

std::vector<std::string> look_at_needed(const std::vector<Sample>& samples,
                                        const std::vector<std::size_t>& needed,
                                        const LookOptions& options) {
    return look_at_files(those(samples, needed), options);
}

}  // namespace patchead::inline setup_detail
