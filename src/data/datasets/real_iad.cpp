#include <algorithm>
#include <array>

#include "datasets/folders.hpp"
#include "datasets/json_split.hpp"
#include "datasets/layout.hpp"
#include "patchead/core/error.hpp"

/// \file
/// \brief Real-IAD, objects seen from five sides (Wang et al., CVPR 2024).
///
/// `realiad_{1024,512,256,raw}/<category>/{OK,NG/<defect>}/S0001/*_C1_*.jpg`, split by
/// `realiad_jsons/<category>.json`; single view, and training images with defects among them, by
/// other folders of JSON files. Archives unpack one level deeper, too. Each folder of splits is a
/// data set of its own, since its numbers are.

namespace patchead {
namespace {

namespace fs = std::filesystem;

// Their counts were not published one by one.
constexpr PublishedCategory kRealIadCategories[] = {
    {"audiojack", {}},
    {"bottle_cap", {}},
    {"button_battery", {}},
    {"end_cap", {}},
    {"eraser", {}},
    {"fire_hood", {}},
    {"mint", {}},
    {"mounts", {}},
    {"pcb", {}},
    {"phone_battery", {}},
    {"plastic_nut", {}},
    {"plastic_plug", {}},
    {"porcelain_doll", {}},
    {"regulator", {}},
    {"rolled_strip_base", {}},
    {"sim_card_set", {}},
    {"switch", {}},
    {"tape", {}},
    {"terminalblock", {}},
    {"toothbrush", {}},
    {"toy", {}},
    {"toy_brick", {}},
    {"transistor1", {}},
    {"u_block", {}},
    {"usb", {}},
    {"usb_adaptor", {}},
    {"vcpill", {}},
    {"wooden_beads", {}},
    {"woodstick", {}},
    {"zipper", {}},
};

/// First choice first.
constexpr std::array kSizes{"realiad_1024", "realiad_512", "realiad_256", "realiad_raw"};

constexpr DatasetInfo kRealIad{
    .source = "https://realiad4ad.github.io/Real-IAD (on request)",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Wang et al., Real-IAD: a real-world multi-view dataset for benchmarking versatile "
        "industrial anomaly detection, CVPR 2024",
    .tree =
        "realiad_jsons/<category>.json (or realiad_jsons_sv/, realiad_jsons_fuiad_0.1/ ...) beside "
        "realiad_{1024,512,256,raw}/<category>/{OK,NG/<defect>}/S0001/*.jpg",
    .categories = kRealIadCategories,
    .paper = {},
    // Training images, normal and anomalous test images: 99721 normal and 51329 anomalous ones.
    .totals = ImageCounts{36465, 63256, 51329},
};

// The counts of other splits were not published.
constexpr DatasetInfo kRealIadVariant{.source = kRealIad.source,
                                      .licence = kRealIad.licence,
                                      .citation = kRealIad.citation,
                                      .tree = kRealIad.tree,
                                      .categories = kRealIadCategories,
                                      .paper = {}};

/// Whether images of a category lie in `folder`.
bool holds_images(const fs::path& folder) {
    return std::ranges::any_of(kRealIadCategories, [&](const PublishedCategory& category) {
        return is_folder(folder / category.name / "OK") || is_folder(folder / category.name / "NG");
    });
}

bool holds_splits(const fs::path& folder) {
    return std::ranges::any_of(kRealIadCategories, [&](const PublishedCategory& category) {
        std::error_code error;
        return fs::is_regular_file(folder / concat(category.name, ".json"), error);
    });
}

/// `folder/name`, or `folder/name/name` as an archive may have unpacked it, if `holds` it; else
/// nothing.
fs::path unpacked(const fs::path& folder, const std::string& name, bool (*holds)(const fs::path&)) {
    for (auto found : {folder / name, folder / name / name}) {
        if (holds(found)) { return found; }
    }
    return {};
}

class RealIad final : public Dataset {
  public:
    RealIad(const DatasetInfo& info, const char* splits, bool is_contaminated = false)
        : info_(info), splits_(splits), rules_{true, is_contaminated} {}

    [[nodiscard]] const DatasetInfo& info() const override { return info_; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        return is_folder(root) && can_list(root) && !split_folder(root).empty();
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override;

  private:
    /// Beside the images, or beside the folder of images if that was passed.
    [[nodiscard]] fs::path split_folder(const fs::path& root) const {
        auto found = unpacked(root, splits_, &holds_splits);
        if (found.empty() && holds_images(root)) {
            found = unpacked(fs::absolute(root / "").parent_path().parent_path(), splits_,
                             &holds_splits);
        }
        return found;
    }
    static fs::path image_folder(const fs::path& root, DatasetIndex& index);

    const DatasetInfo& info_;
    std::string splits_;
    JsonRules rules_;
};

/// Of several sizes one is taken, which is told.
fs::path RealIad::image_folder(const fs::path& root, DatasetIndex& index) {
    if (holds_images(root)) { return root; }
    std::vector<fs::path> found;
    for (const auto* size : kSizes) {
        auto folder = unpacked(root, size, &holds_images);
        if (!folder.empty()) { found.push_back(std::move(folder)); }
        if (found.size() > 1) { index.ignored.push_back(root / size); }
    }
    require<DataError>(!found.empty(), "no images in '", root.string(),
                       "' (there is no folder realiad_1024, _512, _256 or _raw with categories ",
                       "beside the splits); unpack an archive of a category there");
    if (found.size() > 1) {
        index.notes.push_back(concat("images of '", found.front().filename().string(),
                                     "' are taken; for others pass their folder, e.g. --data-root ",
                                     found[1].string()));
    }
    return found.front();
}

DatasetIndex RealIad::index(std::string_view name, const fs::path& root,
                            std::span<const std::string> categories) const {
    DatasetIndex index{std::string(name), root, {}, {}, {}};
    const auto images = image_folder(root, index);
    const auto folder = split_folder(root);
    index.layout = concat(images.filename().string(), ", ", splits_);
    const auto all = json_categories(folder);
    std::vector<std::string> present;
    present.reserve(all.size());
    for (const auto& category : all) { present.push_back(category.name); }
    std::vector<JsonCategory> wanted;
    for (const auto& category : chosen(present, categories, folder)) {
        // Archives come one a category: those that were not unpacked are told as missing.
        const bool is_here = is_folder(images / category);
        require<DataError>(is_here || categories.empty(), "no folder '",
                           (images / category).string(), "' (", splits_,
                           " has the split of its images); unpack the archive of '", category, "'");
        if (is_here) { wanted.push_back({category, folder / concat(category, ".json")}); }
    }
    require<DataError>(!wanted.empty(), "no images of the splits in '", folder.string(),
                       "' lie in '", images.string(), "'; unpack an archive of a category there");
    index_json_splits(wanted, images, rules_, index);
    return index;
}

}  // namespace

const Dataset& real_iad() {
    static const RealIad dataset(kRealIad, "realiad_jsons");
    return dataset;
}

const Dataset& real_iad_sv() {
    static const RealIad dataset(kRealIadVariant, "realiad_jsons_sv");
    return dataset;
}

const Dataset& real_iad_fuiad_00() {
    static const RealIad dataset(kRealIadVariant, "realiad_jsons_fuiad_0.0", true);
    return dataset;
}

const Dataset& real_iad_fuiad_01() {
    static const RealIad dataset(kRealIadVariant, "realiad_jsons_fuiad_0.1", true);
    return dataset;
}

const Dataset& real_iad_fuiad_02() {
    static const RealIad dataset(kRealIadVariant, "realiad_jsons_fuiad_0.2", true);
    return dataset;
}

const Dataset& real_iad_fuiad_04() {
    static const RealIad dataset(kRealIadVariant, "realiad_jsons_fuiad_0.4", true);
    return dataset;
}

}  // namespace patchead
