#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief The folder layout of MVTec AD and of the many data sets that follow it.

namespace patchead::inline data_detail {

/// What a data set in MVTec layout calls its folders.
struct FolderNames {
    std::string_view layout = "mvtec";  ///< Name of the variant in DatasetIndex::layout.
    std::string_view good = "good";     ///< Folder of the normal images, in both splits.
    /// Take `Train` for `train` and so on, and look through one more level of folders, around the
    /// data set or around the content of a category.
    bool tolerant = false;
    /// A user's own data may lack masks, of some images or of all.
    bool masks_optional = false;
    std::string_view category = {};  ///< Name of the only category, whatever its folder is called.
    std::string_view test = "test";  ///< Folder of the test images.
    std::string_view truth = "ground_truth";  ///< Of the masks, from the category's folder.
    std::string_view pixels = {};  ///< Inside each folder of images one more, with them: "rgb".
    /// Masks lie beside that folder, in one of this name: `<test>/<defect>/<masks>/<stem>.*`.
    std::string_view masks = {};
    bool validation = false;  ///< `validation/good` is a pool of its own.
    /// Of each defective image a folder of masks, `ground_truth/<defect>/<stem>/000.png ...`; their
    /// saturation areas in `<category>/defects_config.json`.
    bool mask_folders = false;
};

/// `<category>/{train/good,test/good,test/<defect>}/<stem>.*` and
/// `<category>/ground_truth/<defect>/<stem>[_mask].*`.
///
/// A category is a folder that has `train/good` or `test`. Masks of good images are ignored: some
/// copies of data sets carry empty ones. `DatasetInfo::unlabelled` names folders of images without
/// labels in a category, each a split of its own.
class MvtecLayout final : public Dataset {
  public:
    /// `info` must outlive the object. If it lists categories, a folder is recognised only if it
    /// has one of them: otherwise any other data set of this layout would be taken for this one.
    explicit MvtecLayout(const DatasetInfo& info, const FolderNames& names = {})
        : info_(info), names_(names) {}

    [[nodiscard]] const DatasetInfo& info() const override { return info_; }
    [[nodiscard]] bool recognises(const std::filesystem::path& root) const override;
    [[nodiscard]] DatasetIndex index(std::string_view name, const std::filesystem::path& root,
                                     std::span<const std::string> categories) const override;

  private:
    struct Category;

    [[nodiscard]] std::filesystem::path own_root(const std::filesystem::path& root) const;
    [[nodiscard]] bool holds_published(const std::filesystem::path& root) const;
    [[nodiscard]] bool is_category(const std::filesystem::path& folder) const;
    [[nodiscard]] std::filesystem::path category_folder(const std::filesystem::path& root,
                                                        const std::string& category) const;
    [[nodiscard]] std::vector<std::string> categories_in(const std::filesystem::path& root) const;
    [[nodiscard]] std::filesystem::path part(const std::filesystem::path& folder,
                                             std::string_view name) const;
    [[nodiscard]] std::filesystem::path images_in(const Category& category, std::string_view split,
                                                  std::string_view type) const;
    [[nodiscard]] std::filesystem::path masks_of(const Category& category,
                                                 std::string_view type) const;
    [[nodiscard]] std::vector<std::string> defects_in(const Category& category) const;
    void add_good(const Category& category, std::vector<Sample>& samples) const;
    void add_defect(const Category& category, const std::string& defect,
                    std::vector<Sample>& samples) const;
    void add_defect_in_folders(const Category& category, const std::string& defect,
                               std::vector<Sample>& samples) const;
    void add_category(const Category& category, std::vector<Sample>& samples) const;
    void add_ignored(const Category& category, DatasetIndex& index) const;

    const DatasetInfo& info_;
    FolderNames names_;
};

}  // namespace patchead::inline data_detail
