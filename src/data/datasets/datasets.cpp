#include <algorithm>
#include <array>

#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "datasets/look_around.hpp"
#include "datasets/published_counts.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/data/dataset.hpp"

namespace patchead {

#define PATCHEAD_DATASET(maker, name, title, ...) const Dataset& maker();
#include "datasets/datasets.def"
#undef PATCHEAD_DATASET

namespace {

namespace fs = std::filesystem;

#define PATCHEAD_DATASET(maker, name, title, ...) \
    constexpr auto kRootsOf_##maker = std::to_array<std::string_view>({__VA_ARGS__});
#include "datasets/datasets.def"
#undef PATCHEAD_DATASET

/// The first folder up to `levels` below `folder` that is the data set's own; empty if none is.
fs::path below(const Dataset& dataset, const fs::path& folder, int levels) {
    const auto names = can_list(folder) ? subfolders(folder) : std::vector<std::string>{};
    for (const auto& name : names) {
        if (can_list(folder / name) && dataset.recognises(folder / name)) { return folder / name; }
    }
    for (std::size_t i = 0; levels > 1 && i < names.size(); ++i) {
        if (auto found = below(dataset, folder / names[i], levels - 1); !found.empty()) {
            return found;
        }
    }
    return {};
}

/// The nearest folder above `folder` that is the data set's own; empty if none is.
fs::path above(const Dataset& dataset, fs::path folder) {
    // A folder of one category, split or defect lies one to five levels too low (VisA's masks).
    for (int level = 0; level < 5 && folder.has_relative_path(); ++level) {
        folder = folder.parent_path();
        if (can_list(folder) && dataset.recognises(folder)) { return folder; }
    }
    return {};
}

/// Why the data set is not in `data_root` and what to pass instead.
std::string explain(const DatasetEntry& entry, const fs::path& data_root) {
    const auto& dataset = entry.get();
    const auto folder = fs::absolute(data_root / "").lexically_normal().parent_path();
    const auto or_layout = [&](const fs::path& root, std::string_view mend) {
        const auto layout = name_layout(root, dataset.info());
        return layout.empty() ? std::string(mend) : layout;
    };
    if (const auto found = above(dataset, folder); !found.empty()) {
        const auto layout = or_layout(folder, "");
        return concat("(it is a folder inside the data set); pass '", found.string(), "'",
                      layout.empty() ? "" : "; ", layout);
    }
    if (const auto found = below(dataset, folder, 2); !found.empty()) {
        return concat("(the data set lies deeper); pass '", found.string(), "'");
    }
    for (const auto root : entry.roots) {
        if (is_folder(folder / root)) {
            return concat("('", (folder / root).string(), "' is there, but it does not hold ",
                          dataset.info().tree, "); ",
                          or_layout(folder / root, "unpack the archive again, completely"));
        }
    }
    return concat("(no folder in it holds ", dataset.info().tree, "); ",
                  or_layout(folder,
                            "pass the folder that holds the data set or the data set's own "
                            "folder"));
}

fs::path find_or_throw(const DatasetEntry& entry, const fs::path& data_root) {
    auto root = find_dataset(entry, data_root);
    if (root.empty()) {
        throw DataError(concat("no data set '", entry.name, "' in '", data_root.string(), "' ",
                               explain(entry, data_root)));
    }
    return root;
}

DatasetIndex index_or_name_layout(const DatasetEntry& entry, const fs::path& root,
                                  std::span<const std::string> categories) {
    const auto& dataset = entry.get();
    try {
        return dataset.index(entry.name, root, categories);
    } catch (const UnreadableError&) { throw; } catch (const DataError& error) {
        const auto layout = name_layout(root, dataset.info());
        if (layout.empty()) { throw; }
        throw DataError(concat(error.what(), "; ", layout));
    }
}

}  // namespace

std::span<const DatasetEntry> datasets() {
    static constexpr auto table = std::to_array<DatasetEntry>({
#define PATCHEAD_DATASET(maker, name, title, ...) {name, title, kRootsOf_##maker, &maker},
#include "datasets/datasets.def"
#undef PATCHEAD_DATASET
    });
    return table;
}

fs::path find_dataset(const DatasetEntry& entry, const fs::path& data_root) {
    require<DataError>(is_folder(data_root) && can_list(data_root), "no data root '",
                       data_root.string(), "' (it is not a folder, or not one that may be read); ",
                       "pass the folder that holds the data set '", entry.name, "'");
    const auto& dataset = entry.get();
    for (const auto root : entry.roots) {
        if (dataset.recognises(data_root / root)) { return data_root / root; }
    }
    return dataset.recognises(data_root) ? data_root : fs::path();
}

fs::path dataset_root(std::string_view name, const fs::path& data_root) {
    return find_or_throw(find(datasets(), "data set", name), data_root);
}

DatasetIndex index_dataset(std::string_view name, const fs::path& data_root,
                           std::span<const std::string> categories) {
    const auto& entry = find(datasets(), "data set", name);
    const auto& dataset = entry.get();
    const auto root = find_or_throw(entry, data_root);
    auto index = index_or_name_layout(entry, root, categories);
    index.root = root;
    require_apart(index.samples);
    look_around(root, dataset.info(), categories.empty(), index);
    sort_by_id(index.samples);
    std::ranges::move(count_notes(dataset.info(), index.samples, categories.empty()),
                      std::back_inserter(index.notes));
    return index;
}

std::string describe(const DatasetIndex& index) {
    const auto categories = count_images(index.samples).size();
    const auto sum = count_all(index.samples);
    return concat(index.dataset, ": layout '", index.layout, "' in '", index.root.string(), "', ",
                  counted(categories, "category", "categories"), ", ", counts_text(sum));
}

std::string id_digest(std::span<const Sample> samples) {
    std::vector<std::string> ids;
    for (const auto& sample : samples) { ids.push_back(sample.id); }
    std::ranges::sort(ids);
    return digest_of(ids);
}

std::string sample_digest(const Sample& sample) {
    std::vector<std::string> files{sha256_file(sample.image)};
    for (const auto& mask : sample.masks()) { files.push_back(sha256_file(mask)); }
    return digest_of(files);
}

}  // namespace patchead
