#include "datasets/mvtec_layout.hpp"

#include <algorithm>
#include <utility>

#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "datasets/saturation.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/splits.hpp"

namespace patchead {
namespace fs = std::filesystem;

struct MvtecLayout::Category {
    std::string dataset;
    std::string name;
    fs::path folder;
};

fs::path MvtecLayout::part(const fs::path& folder, std::string_view name) const {
    return names_.tolerant ? child_in_any_case(folder, name) : folder / name;
}

bool MvtecLayout::is_category(const fs::path& folder) const {
    return is_folder(part(part(folder, "train"), names_.good)) ||
           is_folder(part(folder, names_.test));
}

fs::path MvtecLayout::category_folder(const fs::path& root, const std::string& category) const {
    auto folder = root / category;
    const bool is_published = std::ranges::find(info_.categories, category,
                                                &PublishedCategory::name) != info_.categories.end();
    if (!names_.tolerant || !is_published || is_category(folder)) { return folder; }
    for (const auto& inner : subfolders(folder)) {
        if (is_category(folder / inner)) { return folder / inner; }
    }
    return folder;
}

std::vector<std::string> MvtecLayout::categories_in(const fs::path& root) const {
    auto names = subfolders(root);
    std::erase_if(names, [&](const std::string& name) {
        return !can_list(root / name) || !is_category(category_folder(root, name));
    });
    return names;
}

bool MvtecLayout::holds_published(const fs::path& root) const {
    if (info_.categories.empty()) { return !categories_in(root).empty(); }
    return std::ranges::any_of(info_.categories, [&](const PublishedCategory& category) {
        return is_folder(root / category.name) &&
               is_category(category_folder(root, std::string(category.name)));
    });
}

fs::path MvtecLayout::own_root(const fs::path& root) const {
    if (!is_folder(root) || !can_list(root)) { return {}; }
    if (holds_published(root)) { return root; }
    if (!names_.tolerant) { return {}; }
    for (const auto& inner : subfolders(root)) {
        if (can_list(root / inner) && holds_published(root / inner)) { return root / inner; }
    }
    return {};
}

bool MvtecLayout::recognises(const fs::path& root) const { return !own_root(root).empty(); }

fs::path MvtecLayout::images_in(const Category& category, std::string_view split,
                                std::string_view type) const {
    const auto folder = part(part(category.folder, split), type);
    return names_.pixels.empty() ? folder : folder / names_.pixels;
}

fs::path MvtecLayout::masks_of(const Category& category, std::string_view type) const {
    return names_.masks.empty() ? part(category.folder, names_.truth) / type
                                : part(category.folder, names_.test) / type / names_.masks;
}

void MvtecLayout::add_good(const Category& category, std::vector<Sample>& samples) const {
    const auto add = [&](std::string_view split, std::string_view type, const fs::path& folder) {
        if (!is_folder(folder)) { return; }
        for (const auto& image : image_files(folder)) {
            samples.push_back(make_sample({category.dataset, category.name, split, type}, image));
        }
    };
    add("train", kGood, images_in(category, "train", names_.good));
    add("test", kGood, images_in(category, names_.test, names_.good));
    if (names_.validation) {
        add(kValidation, kGood, images_in(category, kValidation, names_.good));
    }
    for (const auto split : info_.unlabelled) { add(split, kUnlabelled, category.folder / split); }
}

void MvtecLayout::add_defect(const Category& category, const std::string& defect,
                             std::vector<Sample>& samples) const {
    const auto images = images_in(category, names_.test, defect);
    MaskFolder masks(masks_of(category, defect), "_mask");
    if (is_folder(images)) {
        for (const auto& image : image_files(images)) {
            samples.push_back(
                make_sample({category.dataset, category.name, "test", defect}, image));
            samples.back().mask = names_.masks_optional
                                      ? masks.take_if_any(image).value_or(fs::path())
                                      : masks.take(image);
        }
    }
    masks.require_empty();
}

void MvtecLayout::add_defect_in_folders(const Category& category, const std::string& defect,
                                        std::vector<Sample>& samples) const {
    const auto images = images_in(category, names_.test, defect);
    const auto masks = masks_of(category, defect);
    auto without_image = is_folder(masks) ? subfolders(masks) : std::vector<std::string>{};
    for (const auto& image : is_folder(images) ? image_files(images) : std::vector<fs::path>{}) {
        samples.push_back(make_sample({category.dataset, category.name, "test", defect}, image));
        take_masks(masks / image.stem(), samples.back());
        std::erase(without_image, image.stem().string());
    }
    require<DataError>(without_image.empty(), "no image for the masks in '",
                       (masks / (without_image.empty() ? "" : without_image.front())).string(),
                       "' (no image of '", images.string(),
                       "' has the name of the folder); add the image or remove the masks");
}

std::vector<std::string> MvtecLayout::defects_in(const Category& category) const {
    const auto tests = part(category.folder, names_.test);
    auto defects = is_folder(tests) ? subfolders(tests) : std::vector<std::string>{};
    // Masks may lie in a folder without images: then the images are what is missing.
    const auto truth = part(category.folder, names_.truth);
    if (is_folder(truth)) { std::ranges::move(subfolders(truth), back_inserter(defects)); }
    std::ranges::sort(defects);
    defects.erase(std::unique(defects.begin(), defects.end()), defects.end());
    std::erase_if(defects, [&](const std::string& defect) {
        return defect == names_.good || tests / defect == truth ||
               (names_.tolerant && same_in_any_case(defect, names_.good));
    });
    return defects;
}

void MvtecLayout::add_category(const Category& category, std::vector<Sample>& samples) const {
    const auto before = samples.size();
    add_good(category, samples);
    for (const auto& defect : defects_in(category)) {
        if (names_.mask_folders) {
            add_defect_in_folders(category, defect, samples);
        } else {
            add_defect(category, defect, samples);
        }
    }
    require<DataError>(samples.size() > before, "no images in the category '",
                       category.folder.string(), "' (its folders hold no image file); check that ",
                       "the data set was unpacked completely");
}

/// Masks of good images, and what a depth camera leaves.
void MvtecLayout::add_ignored(const Category& category, DatasetIndex& index) const {
    index.ignored.push_back(masks_of(category, names_.good));
    if (names_.pixels.empty()) { return; }
    index.ignored.push_back(category.folder / "calibration");
    for (const auto& split : subfolders(category.folder)) {
        for (const auto& type : subfolders(category.folder / split)) {
            index.ignored.push_back(category.folder / split / type / "xyz");
            if (split != names_.test) {
                index.ignored.push_back(category.folder / split / type / names_.masks);
            }
        }
    }
}

DatasetIndex MvtecLayout::index(std::string_view name, const fs::path& root,
                                std::span<const std::string> categories) const {
    DatasetIndex index{std::string(name), own_root(root), std::string(names_.layout), {}, {}};
    for (const auto& category : chosen(categories_in(index.root), categories, index.root)) {
        const auto shown = names_.category.empty() ? category : std::string(names_.category);
        const auto folder = category_folder(index.root, category);
        add_category({index.dataset, shown, folder}, index.samples);
        add_ignored({index.dataset, shown, folder}, index);
    }
    if (names_.masks_optional) { add_mask_notes(index); }
    if (names_.mask_folders) { add_saturation(index); }
    return index;
}

}  // namespace patchead
