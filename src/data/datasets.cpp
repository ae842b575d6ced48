#include <algorithm>
#include <array>

#include "folders.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/data/dataset.hpp"

namespace patchead {

#define PATCHEAD_DATASET(maker, name, title, ...) const Dataset& maker();
#include "datasets.def"
#undef PATCHEAD_DATASET

namespace {

namespace fs = std::filesystem;

#define PATCHEAD_DATASET(maker, name, title, ...) \
    constexpr auto kRootsOf_##maker = std::to_array<std::string_view>({__VA_ARGS__});
#include "datasets.def"
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

/// Why the data set is not in `data_root` and what to pass instead.
std::string explain(const Dataset& dataset, const fs::path& data_root) {
    const auto folder = fs::absolute(data_root).lexically_normal();
    auto above = folder;
    // A folder of one category, split or defect lies one to three levels too low.
    for (int level = 0; level < 3 && above.has_relative_path(); ++level) {
        above = above.parent_path();
        if (can_list(above) && dataset.recognises(above)) {
            return concat("(it is a folder inside the data set); pass '", above.string(), "'");
        }
    }
    if (const auto found = below(dataset, folder, 2); !found.empty()) {
        return concat("(the data set lies deeper); pass '", found.string(), "'");
    }
    return "(no folder in it has the data set's layout); pass the folder that holds the data set "
           "or the data set's own folder";
}

}  // namespace

std::span<const DatasetEntry> datasets() {
    static constexpr auto table = std::to_array<DatasetEntry>({
#define PATCHEAD_DATASET(maker, name, title, ...) {name, title, kRootsOf_##maker, &maker},
#include "datasets.def"
#undef PATCHEAD_DATASET
    });
    return table;
}

DatasetIndex index_dataset(std::string_view name, const fs::path& data_root,
                           std::span<const std::string> categories) {
    const auto& entry = find(datasets(), "data set", name);
    require<DataError>(is_folder(data_root), "no data root '", data_root.string(),
                       "' (it is not a folder, or not one that may be read); pass the folder that ",
                       "holds the data set '", name, "'");
    const auto& dataset = entry.get();
    for (const auto root : entry.roots) {
        if (dataset.recognises(data_root / root)) {
            return dataset.index(name, data_root / root, categories);
        }
    }
    if (!dataset.recognises(data_root)) {
        throw DataError(concat("no data set '", name, "' in '", data_root.string(), "' ",
                               explain(dataset, data_root)));
    }
    return dataset.index(name, data_root, categories);
}

std::string id_digest(std::span<const Sample> samples) {
    std::vector<std::string> ids;
    for (const auto& sample : samples) { ids.push_back(sample.id); }
    std::ranges::sort(ids);
    return digest_of(ids);
}

std::string sample_digest(const Sample& sample) {
    std::vector<std::string> files{sha256_file(sample.image)};
    if (!sample.mask.empty()) { files.push_back(sha256_file(sample.mask)); }
    return digest_of(files);
}

}  // namespace patchead
