#include "datasets/folders.hpp"
#include "datasets/json_split.hpp"
#include "datasets/layout.hpp"

/// \file
/// \brief A user's own images, split by JSON files in Real-IAD's form.

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSplitFolder = "splits";

constexpr DatasetInfo kOwnSplits{
    .source = "your own",
    .licence = "its owner's",
    .citation = "none",
    .tree = "splits/<category>.json, which names images and masks below the same folder",
    .categories = {},
    .paper = {},
};

class OwnSplits final : public Dataset {
  public:
    [[nodiscard]] const DatasetInfo& info() const override { return kOwnSplits; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        return !json_categories(root / kSplitFolder).empty();
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override {
        DatasetIndex index{std::string(name), root, "json-split", {}, {}};
        const auto all = json_categories(root / kSplitFolder);
        std::vector<std::string> present;
        present.reserve(all.size());
        for (const auto& category : all) { present.push_back(category.name); }
        std::vector<JsonCategory> wanted;
        for (const auto& category : chosen(present, categories, root)) {
            wanted.push_back({category, root / kSplitFolder / (category + ".json")});
        }
        index_json_splits(wanted, root, {}, index);
        add_mask_notes(index);
        return index;
    }
};

}  // namespace

const Dataset& own_splits() {
    static const OwnSplits dataset;
    return dataset;
}

}  // namespace patchead
