#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "official_counts.hpp"
#include "patchead/data/dataset.hpp"

/// \file
/// \brief The folder layout of MVTec AD and of the many data sets that follow it.

namespace patchead {

/// What a data set in MVTec layout calls its folders.
struct FolderNames {
    std::string_view layout = "mvtec";  ///< Name of the variant in DatasetIndex::layout.
    std::string_view train = "train";
    std::string_view test = "test";
    std::string_view masks = "ground_truth";
    std::string_view good = "good";  ///< Folder of the normal images, in both splits.
};

/// `<category>/{train/good,test/good,test/<defect>}/<stem>.*` and
/// `<category>/ground_truth/<defect>/<stem>[_mask].*`.
///
/// A category is a folder that has `train/good` or `test`. Masks of good images are ignored: some
/// copies of data sets carry empty ones.
class MvtecLayout final : public Dataset {
  public:
    /// `official` must outlive the object; empty if nothing is published.
    explicit MvtecLayout(const FolderNames& names, std::span<const OfficialCount> official = {})
        : names_(names), official_(official) {}

    [[nodiscard]] bool recognises(const std::filesystem::path& root) const override;
    [[nodiscard]] DatasetIndex index(std::string_view name, const std::filesystem::path& root,
                                     std::span<const std::string> categories) const override;

  private:
    struct Category;

    [[nodiscard]] std::vector<std::string> categories_in(const std::filesystem::path& root) const;
    void add_category(const Category& category, std::vector<Sample>& samples) const;
    void add_defect(const Category& category, const std::string& defect,
                    std::vector<Sample>& samples) const;

    FolderNames names_;
    std::span<const OfficialCount> official_;
};

}  // namespace patchead
