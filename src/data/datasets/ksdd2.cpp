#include <string>

#include "datasets/beside_images.hpp"
#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"

/// \file
/// \brief KolektorSDD2, surfaces of one kind of part (Bozic et al., Computers in Industry 2021).
///
/// `{train,test}/NNNNN.png` with `NNNNN_GT.png` for every image; one with a marked pixel is
/// defective. Train is not clean: its defective images are anomalous samples of "train", so no
/// prompt is drawn from them.

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKsdd2Category = "ksdd2";

// Source: the paper; with the 246 defective ones train has 2331.
constexpr PublishedCategory kKsdd2Categories[] = {{kKsdd2Category, {{2331, 894, 110}}}};

constexpr DatasetInfo kKsdd2{
    .source = "https://go.vicos.si/kolektorsdd2",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Bozic et al., Mixed supervision for surface-defect detection: from weakly to fully "
        "supervised learning, Computers in Industry 129, 2021",
    .tree = "{train,test}/NNNNN.png and {train,test}/NNNNN_GT.png",
    .categories = kKsdd2Categories,
    .paper = {},
};

/// A folder of images with labels, in whatever case its name is.
fs::path split_folder(const fs::path& root, std::string_view split) {
    return child_in_any_case(root, split);
}

bool holds_labels(const fs::path& folder) {
    if (!is_folder(folder) || !can_list(folder)) { return false; }
    for (const auto& file : image_files(folder)) {
        if (same_in_any_case(file.stem().string().substr(file.stem().string().rfind('_') + 1),
                             "GT")) {
            return true;
        }
    }
    return false;
}

class Ksdd2 final : public Dataset {
  public:
    [[nodiscard]] const DatasetInfo& info() const override { return kKsdd2; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        return is_folder(root) && can_list(root) &&
               (holds_labels(split_folder(root, "test")) ||
                holds_labels(split_folder(root, "train")));
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override;
};

DatasetIndex Ksdd2::index(std::string_view name, const fs::path& root,
                          std::span<const std::string> categories) const {
    static_cast<void>(chosen({std::string(kKsdd2Category)}, categories, root));
    DatasetIndex index{std::string(name), root, "ksdd2", {}, {}};
    for (const std::string_view split : {"train", "test"}) {
        const auto folder = split_folder(root, split);
        require<DataError>(is_folder(folder), "no folder '", folder.string(), "' (it holds the ",
                           split, " images); unpack the archive again, completely");
        for (const auto& pair : images_with_masks(folder, {"_GT.png", ".png"})) {
            const bool is_defective = shows_defect(pair);
            index.samples.push_back(make_sample(
                {name, kKsdd2Category, split, is_defective ? "defect" : kGood}, pair.image));
            if (is_defective) {
                index.samples.back().mask = pair.mask;
            } else {
                index.ignored.push_back(pair.mask);
            }
        }
    }
    return index;
}

}  // namespace

const Dataset& ksdd2() {
    static const Ksdd2 dataset;
    return dataset;
}

}  // namespace patchead
