#include <array>

#include "datasets/beside_images.hpp"
#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"

/// \file
/// \brief Magnetic tile defects (Huang et al., The Visual Computer 2020).
///
/// `MT_{Blowhole,Break,Crack,Fray,Uneven,Free}/Imgs/*.jpg`, a mask `*.png` beside each; `MT_Free`
/// has the normal ones. No split is published: all defective images and a quarter of the normal
/// ones are tested, which `tested_quarter` with the key "magnetic-tile" says over the normal
/// images' names in bytewise order.

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagneticTile = "magnetic_tile";
constexpr std::string_view kTilePrefix = "MT_";
constexpr std::string_view kFreeTiles = "MT_Free";
constexpr auto kTileFolders = std::to_array<std::string_view>(
    {"MT_Blowhole", "MT_Break", "MT_Crack", "MT_Fray", kFreeTiles, "MT_Uneven"});

// Source: the authors' page: 952 without and 115, 85, 57, 32 and 103 with a defect.
constexpr PublishedCategory kTileCategories[] = {{kMagneticTile, {{714, 238, 392}}}};

constexpr DatasetInfo kTiles{
    .source = "https://github.com/abin24/Magnetic-tile-defect-datasets.",
    .licence = "no licence text; the authors welcome its use with a citation",
    .citation =
        "Huang et al., Surface defect saliency of magnetic tile, The Visual Computer 36, 2020",
    .tree = "MT_{Blowhole,Break,Crack,Fray,Free,Uneven}/Imgs/*.jpg with a *.png of the same name",
    .categories = kTileCategories,
    .paper = {},
};

std::string defect_of(std::string_view folder) {
    std::string name(folder.substr(kTilePrefix.size()));
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    return name;
}

class MagneticTile final : public Dataset {
  public:
    [[nodiscard]] const DatasetInfo& info() const override { return kTiles; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        if (!is_folder(root) || !can_list(root)) { return false; }
        for (const auto folder : kTileFolders) {
            if (is_folder(images_of(root, folder))) { return true; }
        }
        return false;
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override;

  private:
    static fs::path images_of(const fs::path& root, std::string_view folder) {
        return child_in_any_case(child_in_any_case(root, folder), "Imgs");
    }
    static void add_free(std::string_view name, const std::vector<ImageWithMask>& pairs,
                         DatasetIndex& index);
    static void add_defects(const Place& place, const std::vector<ImageWithMask>& pairs,
                            DatasetIndex& index);
};

void MagneticTile::add_free(std::string_view name, const std::vector<ImageWithMask>& pairs,
                            DatasetIndex& index) {
    const auto tested = tested_quarter(pairs.size(), "magnetic-tile");
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const std::string_view split = tested[i] ? "test" : "train";
        index.samples.push_back(make_sample({name, kMagneticTile, split, kGood}, pairs[i].image));
        index.ignored.push_back(pairs[i].mask);
    }
}

void MagneticTile::add_defects(const Place& place, const std::vector<ImageWithMask>& pairs,
                               DatasetIndex& index) {
    for (const auto& pair : pairs) {
        index.samples.push_back(make_sample(place, pair.image));
        index.samples.back().mask = pair.mask;
    }
}

DatasetIndex MagneticTile::index(std::string_view name, const fs::path& root,
                                 std::span<const std::string> categories) const {
    static_cast<void>(chosen({std::string(kMagneticTile)}, categories, root));
    DatasetIndex index{std::string(name), root, "magnetic-tile", {}, {}};
    for (const auto folder : kTileFolders) {
        const auto images = images_of(root, folder);
        if (!is_folder(images)) {
            require<DataError>(folder != kFreeTiles, "no folder '", images.string(),
                               "' (it holds the normal tiles, without which there is no prompt); "
                               "unpack the archive again, completely");
            index.notes.push_back(concat("no folder '", images.string(), "', so no ",
                                         defect_of(folder), " is tested"));
            continue;
        }
        const auto pairs = images_with_masks(images, {".png", ".jpg"});
        if (folder == kFreeTiles) {
            add_free(name, pairs, index);
        } else {
            add_defects({name, kMagneticTile, "test", defect_of(folder)}, pairs, index);
        }
    }
    index.notes.push_back(
        "no split is published: a quarter of MT_Free is tested, drawn by name, the rest are "
        "prompts");
    return index;
}

}  // namespace

const Dataset& magnetic_tile() {
    static const MagneticTile dataset;
    return dataset;
}

}  // namespace patchead
