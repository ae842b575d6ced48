#include "datasets/layout.hpp"

#include <algorithm>

#include "datasets/folders.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/splits.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline data_detail {

namespace fs = std::filesystem;

namespace {

/// Files are called like a category, with endings, and while they are written with longer ones.
constexpr std::size_t kLongestCategory = 180;

}  // namespace

void require_name(const fs::path& path) {
    const auto fault = fault_of_name(path.native());
    require<DataError>(fault.empty(), "the name '", escaped_name(path.native()),
                       "' cannot be used (", fault, "); rename the file or folder: names of a ",
                       "whole tree are made UTF-8 by e.g. convmv -f gbk -t utf8 -r --notest DIR");
}

Sample make_sample(const Place& place, std::string_view stem, const fs::path& image) {
    require_name(image);
    require<DataError>(place.category.size() <= kLongestCategory, "the category '", place.category,
                       "' cannot be used (its name has ", place.category.size(), " bytes, and ",
                       kLongestCategory, " is the most); rename its folder");
    Sample sample;
    for (const auto part : {place.category, place.split, place.defect_type}) {
        sample.id.append(part).append("/");
    }
    sample.id.append(stem);
    sample.dataset = place.dataset;
    sample.category = place.category;
    sample.split = place.split;
    sample.defect_type = place.defect_type;
    sample.anomalous = has_label(sample) && place.defect_type != kGood;
    sample.image = image;
    return sample;
}

Sample make_sample(const Place& place, const fs::path& image) {
    return make_sample(place, image.stem().string(), image);
}

MaskFolder::MaskFolder(fs::path folder, std::string_view suffix)
    : folder_(std::move(folder)), suffix_(suffix) {
    if (!is_folder(folder_)) { return; }
    for (auto& file : image_files(folder_)) {
        require_name(file);
        const auto [first, added] = masks_.emplace(file.stem().string(), file);
        require<DataError>(added, "two masks of one name, '", first->second.string(), "' and '",
                           file.string(), "' (it is not clear which one counts); remove one");
    }
}

std::optional<fs::path> MaskFolder::take_if_any(const fs::path& image) {
    const auto stem = image.stem().string();
    auto with_suffix = masks_.extract(stem + suffix_);
    auto plain = masks_.extract(stem);
    require<DataError>(with_suffix.empty() || plain.empty(), "two masks for the image '",
                       image.string(), "' (", stem, suffix_, ".* and ", stem, ".* are in '",
                       folder_.string(), "'); remove one");
    if (with_suffix.empty() && plain.empty()) { return std::nullopt; }
    return (with_suffix.empty() ? plain : with_suffix).mapped();
}

fs::path MaskFolder::take(const fs::path& image) {
    const auto mask = take_if_any(image);
    const auto stem = image.stem().string();
    require<DataError>(mask.has_value(), "no mask for the image '", image.string(), "' (neither ",
                       stem, suffix_, ".* nor ", stem, ".* is in '", folder_.string(),
                       "'); add the mask or remove the image");
    return *mask;
}

void MaskFolder::require_empty() const {
    require<DataError>(masks_.empty(), "no image for the mask '",
                       masks_.empty() ? std::string() : masks_.begin()->second.string(),
                       "' (no image has its stem); add the image or remove the mask");
}

void take_masks(const fs::path& folder, Sample& sample) {
    auto masks = is_folder(folder) ? image_files(folder) : std::vector<fs::path>{};
    require<DataError>(!masks.empty(), "no mask for the image '", sample.image.string(),
                       "' (there is no image file in '", folder.string(),
                       "'); add its masks or remove the image");
    for (const auto& mask : masks) { require_name(mask); }
    sample.mask = masks.front();
    masks.erase(masks.begin());
    sample.more_masks = std::move(masks);
}

std::vector<std::string> chosen(const std::vector<std::string>& present,
                                std::span<const std::string> wanted, const fs::path& root) {
    const std::vector<std::string_view> known(present.begin(), present.end());
    for (const auto& category : wanted) {
        require<DataError>(std::ranges::find(present, category) != present.end(),
                           unknown_name("category", category, known), " (in '", root.string(),
                           "'); check the name or the data root");
    }
    if (wanted.empty()) { return present; }
    std::vector<std::string> result;
    std::ranges::copy_if(present, std::back_inserter(result), [&](const std::string& category) {
        return std::ranges::find(wanted, category) != wanted.end();
    });
    return result;
}

void add_mask_notes(DatasetIndex& index) {
    struct Masks {
        std::size_t images = 0;
        std::vector<const Sample*> without;
    };
    std::map<std::string, Masks> by_category;
    for (const auto& sample : index.samples) {
        if (!sample.anomalous || sample.split != "test") { continue; }
        auto& masks = by_category[sample.category];
        ++masks.images;
        if (sample.mask.empty() && !sample.unseen) { masks.without.push_back(&sample); }
    }
    for (const auto& [category, masks] : by_category) {
        if (masks.without.size() == masks.images) {
            index.notes.push_back(concat(category, ": no masks, so no pixel-level metrics"));
        } else if (!masks.without.empty()) {
            index.notes.push_back(
                concat(category, ": ", masks.without.size(), " of ", masks.images,
                       " anomalous images have no mask, so no pixel-level metrics (e.g. '",
                       masks.without.front()->image.string(), "'); add the masks"));
        }
    }
}

void sort_by_id(std::vector<Sample>& samples) {
    std::ranges::sort(samples, {}, &Sample::id);
    const auto twin = std::ranges::adjacent_find(samples, {}, &Sample::id);
    if (twin == samples.end()) { return; }
    throw DataError(concat("two images of one name, '", twin->image.string(), "' and '",
                           std::next(twin)->image.string(), "' (they would be the same sample '",
                           twin->id, "'); remove one"));
}

std::vector<bool> tested_quarter(std::size_t n, std::string_view key) {
    constexpr std::uint64_t seed = 42;
    const auto order = shuffled(n, Random(key, seed));
    std::vector<bool> tested(n);
    for (std::size_t i = 0; i < (n + 3) / 4; ++i) { tested[order[i]] = true; }
    return tested;
}

}  // namespace patchead::inline data_detail
