#include <algorithm>
#include <set>
#include <sstream>

#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"

/// \file
/// \brief DAGM 2007, ten generated textures (Wieler and Hahn).
///
/// `Class<k>/{Train,Test}/NNNN.PNG` and, in each of the two, `Label/NNNN_label.PNG` for defective
/// images alone. Train is not clean: its defective images are samples of the split "train" that are
/// anomalous, so no prompt is drawn from them.

namespace patchead {
namespace {

namespace fs = std::filesystem;

// Source: counts of the published folders; Test has 6996 normal and 1054 defective images.
constexpr PublishedCategory kDagmCategories[] = {
    {"Class1", {{575, 504, 71}}, 512, 512},    {"Class2", {{575, 491, 84}}, 512, 512},
    {"Class3", {{575, 491, 84}}, 512, 512},    {"Class4", {{575, 507, 68}}, 512, 512},
    {"Class5", {{575, 495, 80}}, 512, 512},    {"Class6", {{575, 508, 67}}, 512, 512},
    {"Class7", {{1150, 1000, 150}}, 512, 512}, {"Class8", {{1150, 1000, 150}}, 512, 512},
    {"Class9", {{1150, 1000, 150}}, 512, 512}, {"Class10", {{1150, 1000, 150}}, 512, 512},
};

constexpr DatasetInfo kDagm{
    .source =
        "https://hci.iwr.uni-heidelberg.de/content/weakly-supervised-learning-industrial-"
        "optical-inspection",
    .licence = "publicly available; no licence text found",
    .citation =
        "Wieler and Hahn, Weakly supervised learning for industrial optical inspection, "
        "DAGM 2007",
    .tree = "Class<k>/{Train,Test}/*.PNG and Class<k>/{Train,Test}/Label/*_label.PNG",
    .categories = kDagmCategories,
    .paper = PaperCounts{"texture", 10, 6996, 1054},
};

/// Names of the images that `Labels.txt` calls defective; none if there is no such file.
/// Lines: index, 0 or 1, image, ?, label file; a line of one field is a header.
std::set<std::string> listed_as_defective(const fs::path& file) {
    std::set<std::string> names;
    std::error_code error;
    if (!fs::is_regular_file(file, error)) { return names; }
    for (const auto& [row, line] : lines_of(read_text(file), file.string())) {
        std::istringstream fields(line);
        std::string number;
        std::string flag;
        std::string image;
        if (fields >> number >> flag >> image && flag == "1") { names.insert(image); }
    }
    return names;
}

class Dagm final : public Dataset {
  public:
    [[nodiscard]] const DatasetInfo& info() const override { return kDagm; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        return !classes_in(root).empty();
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override;

  private:
    static std::vector<std::string> classes_in(const fs::path& root);
    static void add_split(const Place& normal, const fs::path& folder, DatasetIndex& index);
};

std::vector<std::string> Dagm::classes_in(const fs::path& root) {
    std::vector<std::string> classes;
    for (const auto& category : kDagmCategories) {
        const auto folder = root / category.name;
        if (is_folder(folder / "Test") || is_folder(folder / "Train")) {
            classes.emplace_back(category.name);
        }
    }
    return classes;
}

void Dagm::add_split(const Place& normal, const fs::path& folder, DatasetIndex& index) {
    if (!is_folder(folder)) { return; }
    const auto labels = folder / "Label";
    // Without it every image would silently be normal.
    require<DataError>(is_folder(labels), "no folder '", labels.string(),
                       "' (it says which images are defective); unpack the archive of this class "
                       "again, completely");
    const auto listed = listed_as_defective(labels / "Labels.txt");
    MaskFolder masks(labels, "_label");
    for (const auto& image : image_files(folder)) {
        const auto mask = masks.take_if_any(image);
        const bool is_listed = listed.contains(image.filename().string());
        require<DataError>(mask || !is_listed, "no label image for '", image.string(),
                           "' (Labels.txt calls it defective); unpack the archive of this class "
                           "again, completely");
        auto place = normal;
        if (mask) { place.defect_type = "defect"; }
        index.samples.push_back(make_sample(place, image));
        index.samples.back().mask = mask.value_or(fs::path());
        if (mask && !listed.empty() && !is_listed) {
            index.notes.push_back(concat(image.string(),
                                         ": has a label image, but Labels.txt "
                                         "calls it normal; taken as defective"));
        }
    }
    masks.require_empty();
}

DatasetIndex Dagm::index(std::string_view name, const fs::path& root,
                         std::span<const std::string> categories) const {
    DatasetIndex index{std::string(name), root, "dagm", {}, {}};
    for (const auto& category : chosen(classes_in(root), categories, root)) {
        add_split({name, category, "train", kGood}, root / category / "Train", index);
        add_split({name, category, "test", kGood}, root / category / "Test", index);
    }
    return index;
}

}  // namespace

const Dataset& dagm() {
    static const Dagm dataset;
    return dataset;
}

}  // namespace patchead
