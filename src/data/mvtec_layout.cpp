#include "mvtec_layout.hpp"

#include <algorithm>
#include <map>

#include "folders.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace fs = std::filesystem;

struct MvtecLayout::Category {
    std::string dataset;
    std::string name;
    fs::path folder;
};

namespace {

Sample make_sample(std::string_view dataset, std::string_view category, std::string_view split,
                   std::string_view defect_type, const fs::path& image) {
    Sample sample;
    sample.id = concat(category, '/', split, '/', defect_type, '/', image.stem().string());
    sample.dataset = dataset;
    sample.category = category;
    sample.split = split;
    sample.defect_type = defect_type;
    sample.anomalous = defect_type != "good";
    sample.image = image;
    return sample;
}

/// Mask files of one folder by stem. Hands each out once, so that what is left has no image.
class MaskFolder {
  public:
    explicit MaskFolder(fs::path folder) : folder_(std::move(folder)) {
        if (!is_folder(folder_)) { return; }
        for (auto& file : image_files(folder_)) {
            const auto [first, added] = masks_.emplace(file.stem().string(), file);
            require<DataError>(added, "two masks of one name, '", first->second.string(), "' and '",
                               file.string(), "' (it is not clear which one counts); remove one");
        }
    }

    /// The mask `<stem>_mask.*` or `<stem>.*` of `image`. Throws DataError if there is none or if
    /// there are both.
    fs::path take(const fs::path& image) {
        const auto stem = image.stem().string();
        auto with_suffix = masks_.extract(stem + "_mask");
        auto plain = masks_.extract(stem);
        require<DataError>(!with_suffix.empty() || !plain.empty(), "no mask for the image '",
                           image.string(), "' (neither ", stem, "_mask.* nor ", stem, ".* is in '",
                           folder_.string(), "'); add the mask or remove the image");
        require<DataError>(with_suffix.empty() || plain.empty(), "two masks for the image '",
                           image.string(), "' (", stem, "_mask.* and ", stem, ".* are in '",
                           folder_.string(), "'); remove one");
        return (with_suffix.empty() ? plain : with_suffix).mapped();
    }

    void require_empty() const {
        require<DataError>(masks_.empty(), "no image for the mask '",
                           masks_.empty() ? std::string() : masks_.begin()->second.string(),
                           "' (no test image has its stem); add the image or remove the mask");
    }

  private:
    fs::path folder_;
    std::map<std::string, fs::path> masks_;
};

void require_unique(std::span<const Sample> sorted) {
    const auto twin = std::ranges::adjacent_find(sorted, {}, &Sample::id);
    if (twin == sorted.end()) { return; }
    throw DataError(concat("two images of one name, '", twin->image.string(), "' and '",
                           std::next(twin)->image.string(),
                           "' (their suffixes alone differ); remove one"));
}

void require_known(const std::string& category, const fs::path& root,
                   const std::vector<std::string>& present) {
    if (std::ranges::find(present, category) != present.end()) { return; }
    const std::vector<std::string_view> known(present.begin(), present.end());
    throw DataError(concat(unknown_name("category", category, known), " (in '", root.string(),
                           "'); check the name or the data root"));
}

}  // namespace

bool MvtecLayout::recognises(const fs::path& root) const {
    return is_folder(root) && !categories_in(root).empty();
}

std::vector<std::string> MvtecLayout::categories_in(const fs::path& root) const {
    auto names = subfolders(root);
    std::erase_if(names, [&](const std::string& name) {
        return !is_folder(root / name / names_.train / names_.good) &&
               !is_folder(root / name / names_.test);
    });
    return names;
}

void MvtecLayout::add_defect(const Category& category, const std::string& defect,
                             std::vector<Sample>& samples) const {
    const auto images = category.folder / names_.test / defect;
    MaskFolder masks(category.folder / names_.masks / defect);
    if (is_folder(images)) {
        for (const auto& image : image_files(images)) {
            auto sample = make_sample(category.dataset, category.name, "test", defect, image);
            sample.mask = masks.take(image);
            samples.push_back(std::move(sample));
        }
    }
    masks.require_empty();
}

void MvtecLayout::add_category(const Category& category, std::vector<Sample>& samples) const {
    const auto before = samples.size();
    for (const auto& [split, folder] :
         {std::pair("train", names_.train), std::pair("test", names_.test)}) {
        const auto good = category.folder / folder / names_.good;
        if (!is_folder(good)) { continue; }
        for (const auto& image : image_files(good)) {
            samples.push_back(make_sample(category.dataset, category.name, split, "good", image));
        }
    }
    // Masks may lie in a folder without images: then the images are what is missing.
    std::vector<std::string> defects;
    for (const auto part : {names_.test, names_.masks}) {
        if (!is_folder(category.folder / part)) { continue; }
        std::ranges::copy(subfolders(category.folder / part), std::back_inserter(defects));
    }
    std::ranges::sort(defects);
    defects.erase(std::unique(defects.begin(), defects.end()), defects.end());
    std::erase(defects, names_.good);
    for (const auto& defect : defects) { add_defect(category, defect, samples); }
    require<DataError>(samples.size() > before, "no images in the category '",
                       category.folder.string(), "' (its folders hold no image file); check that ",
                       "the data set was unpacked completely");
}

DatasetIndex MvtecLayout::index(std::string_view name, const fs::path& root,
                                std::span<const std::string> categories) const {
    const auto present = categories_in(root);
    for (const auto& category : categories) { require_known(category, root, present); }
    DatasetIndex index{std::string(name), root, std::string(names_.layout), {}, {}};
    for (const auto& category : present) {
        const bool wanted =
            categories.empty() || std::ranges::find(categories, category) != categories.end();
        if (wanted) { add_category({std::string(name), category, root / category}, index.samples); }
    }
    std::ranges::sort(index.samples, {}, &Sample::id);
    require_unique(index.samples);
    index.notes = count_notes(official_, index.samples);
    if (categories.empty()) {
        std::ranges::copy(missing_categories(official_, present), std::back_inserter(index.notes));
    }
    return index;
}

}  // namespace patchead
