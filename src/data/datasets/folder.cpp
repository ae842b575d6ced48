#include "patchead/data/folder.hpp"

#include <algorithm>

#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "datasets/look_around.hpp"
#include "datasets/mvtec_layout.hpp"
#include "patchead/core/error.hpp"

/// \file
/// \brief A user's own images: MVTec layout, or folders of normal and of abnormal ones.

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kName = "folder";
constexpr std::string_view kLayout = "normal-abnormal";
constexpr std::string_view kAbnormal = "abnormal";

constexpr DatasetInfo kFolder{
    .source = "your own",
    .licence = "its owner's",
    .citation = "none",
    .tree =
        "[<category>/]{normal,abnormal[,mask][,normal_test]}, or "
        "<category>/{train/good,test/good,test/<defect>,ground_truth/<defect>}",
    .categories = {},
    .paper = {},
};

std::vector<fs::path> images_of(const fs::path& folder, std::string_view kind) {
    require<DataError>(is_folder(folder), "no folder of ", kind, " images '", folder.string(),
                       "' (it is not a folder); check the path");
    auto files = image_files(folder);
    require<DataError>(!files.empty(), "no ", kind, " images in '", folder.string(),
                       "' (it holds no png, jpg, bmp or tif file); check the path");
    return files;
}

void add_normal(const Place& train, const UserFolders& folders, std::vector<Sample>& samples) {
    const auto normal = images_of(folders.normal, "normal");
    auto tested = tested_quarter(normal.size(), kName);
    if (!folders.normal_test.empty()) { tested.assign(normal.size(), false); }
    auto test = train;
    test.split = "test";
    for (std::size_t i = 0; i < normal.size(); ++i) {
        samples.push_back(make_sample(tested[i] ? test : train, normal[i]));
    }
    if (folders.normal_test.empty()) { return; }
    for (const auto& image : images_of(folders.normal_test, "normal test")) {
        samples.push_back(make_sample(test, image));
    }
}

void add_abnormal(const Place& place, const UserFolders& folders, std::vector<Sample>& samples) {
    require<DataError>(folders.masks.empty() || is_folder(folders.masks), "no folder of masks '",
                       folders.masks.string(), "' (it is not a folder); check the path");
    MaskFolder masks(folders.masks, "_mask");
    for (const auto& image : images_of(folders.abnormal, "abnormal")) {
        samples.push_back(make_sample(place, image));
        samples.back().mask = masks.take_if_any(image).value_or(fs::path());
    }
    masks.require_empty();
}

/// Links and ".." included. A prompt that is tested scores 0, so AUROC is 100 and says nothing.
void require_distinct(const UserFolders& folders) {
    const std::vector<std::pair<const char*, fs::path>> named{{"normal", folders.normal},
                                                              {"abnormal", folders.abnormal},
                                                              {"normal test", folders.normal_test},
                                                              {"mask", folders.masks}};
    for (std::size_t i = 0; i < named.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            std::error_code error;
            require<DataError>(
                !fs::equivalent(named[j].second, named[i].second, error) || error, "the folder of ",
                named[j].first, " images '", named[j].second.string(), "' is the folder of ",
                named[i].first, " images, '", named[i].second.string(),
                "' (each image would be both, and no number would mean anything); pass different "
                "folders; without normal test images, a quarter of the normal ones is tested");
        }
    }
}

void add_category(std::string_view dataset, std::string_view category, const UserFolders& folders,
                  DatasetIndex& index) {
    require_distinct(folders);
    add_normal({dataset, category, "train", kGood}, folders, index.samples);
    add_abnormal({dataset, category, "test", kAbnormal}, folders, index.samples);
}

/// `folder/name` in any case, or nothing.
fs::path child_if_any(const fs::path& folder, std::string_view name) {
    auto child = child_in_any_case(folder, name);
    return is_folder(child) ? child : fs::path();
}

UserFolders folders_in(const fs::path& root) {
    return {child_if_any(root, "normal"), child_if_any(root, "abnormal"),
            child_if_any(root, "mask"), child_if_any(root, "normal_test")};
}

class Folder final : public Dataset {
  public:
    [[nodiscard]] const DatasetInfo& info() const override { return kFolder; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        return is_folder(root) && can_list(root) &&
               (is_pair(root) || !pairs_in(root).empty() || mvtec_.recognises(root));
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override;

  private:
    static bool is_pair(const fs::path& folder);
    static std::vector<std::string> pairs_in(const fs::path& root);

    MvtecLayout mvtec_{kFolder, {.masks_optional = true}};
};

bool Folder::is_pair(const fs::path& folder) {
    return can_list(folder) && !child_if_any(folder, "normal").empty() &&
           !child_if_any(folder, "abnormal").empty();
}

std::vector<std::string> Folder::pairs_in(const fs::path& root) {
    auto names = subfolders(root);
    std::erase_if(names, [&](const std::string& name) { return !is_pair(root / name); });
    return names;
}

DatasetIndex Folder::index(std::string_view name, const fs::path& root,
                           std::span<const std::string> categories) const {
    DatasetIndex index{std::string(name), root, std::string(kLayout), {}, {}};
    if (is_pair(root)) {
        static_cast<void>(chosen({std::string(kName)}, categories, root));
        add_category(name, kName, folders_in(root), index);
        add_mask_notes(index);
        return index;
    }
    const auto pairs = pairs_in(root);
    if (pairs.empty()) { return mvtec_.index(name, root, categories); }
    for (const auto& category : chosen(pairs, categories, root)) {
        add_category(name, category, folders_in(root / category), index);
    }
    add_mask_notes(index);
    return index;
}

}  // namespace

const Dataset& user_folders() {
    static const Folder dataset;
    return dataset;
}

DatasetIndex index_folders(const UserFolders& folders) {
    DatasetIndex index{std::string(kName), folders.normal, std::string(kLayout), {}, {}};
    add_category(kName, kName, folders, index);
    add_mask_notes(index);
    for (const auto& folder :
         {folders.normal, folders.abnormal, folders.masks, folders.normal_test}) {
        if (!folder.empty()) { look_around(folder, kFolder, true, index); }
    }
    require_apart(index.samples);
    // Its owner's name for the folder may tell what ours does not: that the images are unlabelled.
    const auto path = (folders.abnormal / "").parent_path();
    for (auto& sample : index.samples) {
        if (sample.anomalous) { sample.defect_type = path.filename().string(); }
    }
    sort_by_id(index.samples);
    return index;
}

}  // namespace patchead
