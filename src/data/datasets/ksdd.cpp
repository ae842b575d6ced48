#include <algorithm>
#include <map>

#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "datasets/mvtec_layout.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"

/// \file
/// \brief KolektorSDD, surfaces of electrical commutators (Tabernik et al., 2020), fine labels.
///
/// `kosNN/PartK.jpg` with `kosNN/PartK_label.bmp` for every image. Each image is cut into three
/// parts of full width, rows [0, H/3), [H/3, 2H/3) and [2H/3, H) in whole numbers; each part is a
/// sample. There is no published split: all parts with a labelled pixel and a quarter of the others
/// are the test images (399 images: 286 normal and 54 anomalous), the rest are training images.
/// Which quarter: `tested_quarter` with the key "ksdd" over the normal parts' names in bytewise
/// order. A prepared tree in MVTec layout is taken as it is.

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCategory = "ksdd";
constexpr std::string_view kDefect = "defect";
constexpr std::string_view kLabel = "_label";
constexpr int kParts = 3;

constexpr PublishedCategory kKsddCategories[] = {{kCategory, {{857, 286, 54}}}};

constexpr DatasetInfo kKsdd{
    .source = "https://go.vicos.si/kolektorsdd (the fine annotations, KolektorSDD.zip)",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Tabernik et al., Segmentation-based deep-learning approach for surface-defect "
        "detection, J. Intell. Manuf. 31(3), 2020",
    .tree = "kos{01..50}/Part{0..7}.jpg and kos{01..50}/Part{0..7}_label.bmp",
    .categories = kKsddCategories,
    .paper = PaperCounts{"texture", 1, 286, 54},
};

// A prepared tree calls the folder of its category as it likes.
constexpr DatasetInfo kPrepared{
    .source = {}, .licence = {}, .citation = {}, .tree = {}, .categories = {}, .paper = {}};

/// One part of an image. `name` is "kosNN_PartK#part".
struct Part {
    std::string name;
    fs::path image;
    fs::path label;
    CropRows rows;
    bool anomalous = false;
};

/// Cuts one image, telling from its label which parts are anomalous.
void add_parts(const std::string& folder, const fs::path& image, const fs::path& label,
               std::vector<Part>& parts) {
    Sample whole;
    whole.image = image;
    whole.mask = label;
    const auto [height, width] = image_size(whole);
    const auto pixels = read_mask(whole, height, width).anomalous;
    for (int part = 0; part < kParts; ++part) {
        const CropRows rows{height * part / kParts, height * (part + 1) / kParts};
        const auto first = pixels.begin() + static_cast<std::ptrdiff_t>(rows.first) * width;
        const auto last = pixels.begin() + static_cast<std::ptrdiff_t>(rows.last) * width;
        parts.push_back({concat(folder, '_', image.stem().string(), '#', part), image, label, rows,
                         std::find(first, last, 1) != last});
    }
}

/// Images and labels lie side by side; a label is told by its name.
void add_folder(const fs::path& root, const std::string& folder, std::vector<Part>& parts) {
    std::vector<fs::path> images;
    std::map<std::string, fs::path> labels;
    for (const auto& file : image_files(root / folder)) {
        const auto stem = file.stem().string();
        if (stem.ends_with(kLabel)) {
            labels.emplace(stem, file);
        } else {
            images.push_back(file);
        }
    }
    for (const auto& image : images) {
        const auto label = labels.extract(image.stem().string() + std::string(kLabel));
        require<DataError>(!label.empty(), "no mask for the image '", image.string(), "' (",
                           image.stem().string(), kLabel,
                           ".bmp is not beside it); unpack KolektorSDD.zip again, completely");
        add_parts(folder, image, label.mapped(), parts);
    }
    require<DataError>(labels.empty(), "no image for the mask '",
                       labels.empty() ? std::string() : labels.begin()->second.string(),
                       "' (it labels a file that is not beside it); add the image or remove it");
}

std::vector<Sample> split(std::string_view dataset, std::vector<Part> parts) {
    std::ranges::sort(parts, {}, &Part::name);
    const auto normal = std::ranges::count(parts, false, &Part::anomalous);
    const auto tested = tested_quarter(static_cast<std::size_t>(normal), "ksdd");
    std::vector<Sample> samples;
    std::size_t number = 0;
    for (const auto& part : parts) {
        const bool is_test = part.anomalous || tested[number];
        number += part.anomalous ? 0 : 1;
        samples.push_back(make_sample(
            {dataset, kCategory, is_test ? "test" : "train", part.anomalous ? kDefect : kGood},
            part.name, part.image));
        samples.back().crop = part.rows;
        if (part.anomalous) { samples.back().mask = part.label; }
    }
    return samples;
}

class Ksdd final : public Dataset {
  public:
    [[nodiscard]] const DatasetInfo& info() const override { return kKsdd; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        return is_folder(root) && can_list(root) &&
               (!native_folders(root).empty() || is_prepared(root));
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override;

  private:
    static std::vector<std::string> native_folders(const fs::path& root);
    static bool is_prepared(const fs::path& root);

    MvtecLayout prepared_{kPrepared, {.layout = "prepared", .category = kCategory}};
};

std::vector<std::string> Ksdd::native_folders(const fs::path& root) {
    auto names = subfolders(root);
    std::erase_if(names, [](const std::string& name) {
        return name.size() != 5 || !name.starts_with("kos") ||
               name.find_first_not_of("0123456789", 3) != std::string::npos;
    });
    return names;
}

bool Ksdd::is_prepared(const fs::path& root) {
    return std::ranges::any_of(subfolders(root), [&](const std::string& name) {
        return is_folder(root / name / "test/good") && is_folder(root / name / "test" / kDefect);
    });
}

DatasetIndex Ksdd::index(std::string_view name, const fs::path& root,
                         std::span<const std::string> categories) const {
    const auto folders = native_folders(root);
    static_cast<void>(chosen({std::string(kCategory)}, categories, root));
    if (folders.empty()) { return prepared_.index(name, root, {}); }
    std::vector<Part> parts;
    for (const auto& folder : folders) { add_folder(root, folder, parts); }
    std::vector<fs::path> labels;  // Those of normal images are masks of no sample.
    labels.reserve(parts.size());
    for (const auto& part : parts) { labels.push_back(part.label); }
    require<DataError>(!parts.empty(), "no images in the folders kosNN of '", root.string(),
                       "' (they hold no image file); unpack KolektorSDD.zip again, completely");
    DatasetIndex index{std::string(name), root, "native", split(name, std::move(parts)), {}};
    index.ignored = std::move(labels);
    return index;
}

}  // namespace

const Dataset& ksdd() {
    static const Ksdd dataset;
    return dataset;
}

}  // namespace patchead
