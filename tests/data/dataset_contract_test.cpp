#include <algorithm>
#include <map>

#include "patchead/data/check.hpp"
#include "patchead/data/manifest.hpp"
#include "trees/trees.hpp"

/// \file
/// \brief What every data set of the registry must do with its native tree, unasked.

namespace patchead {
namespace {

namespace fs = std::filesystem;

class NativeTreeContract : public testing::TestWithParam<DatasetEntry> {
  protected:
    void SetUp() override {
        name_ = GetParam().name;
        const auto tree = std::ranges::find(kTrees, GetParam().name, &TreeEntry::dataset);
        ASSERT_NE(tree, kTrees.end())
            << "'" << name_ << "' has no generated tree; add one to tests/data/trees";
        root_ = fs::path(testing::TempDir()) / concat("patchead_", ::getpid(), "_tree_", name_);
        fs::remove_all(root_);
        set_ = tree->make();
        TreeWriter writer(root_);
        set_.draw(writer);
        writer.litter(set_.folder);
    }
    void TearDown() override { fs::remove_all(root_); }

    [[nodiscard]] fs::path own() const { return root_ / set_.folder; }
    [[nodiscard]] DatasetIndex index() const { return index_dataset(name_, root_, {}); }

    [[nodiscard]] std::string message(const fs::path& data_root) const {
        return message_of<DataError>(
            [&] { static_cast<void>(index_dataset(name_, data_root, {})); });
    }

    /// The first sample with one mask: of several, one that is missing cannot be missed.
    [[nodiscard]] const ExpectedSample& masked() const {
        return *std::ranges::find_if(set_.samples,
                                     [](const auto& sample) { return sample.masks.size() == 1; });
    }

    std::string name_;
    fs::path root_;
    NativeSet set_;
};

std::vector<std::uint8_t> pixels_of(const std::vector<Box>& boxes, int height) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(height * kTreeImage.width));
    for (const auto& box : boxes) {
        for (int y = box.top; y < box.bottom; ++y) {
            for (int x = box.left; x < box.right; ++x) {
                pixels[static_cast<std::size_t>(y * kTreeImage.width + x)] = 1;
            }
        }
    }
    return pixels;
}

TEST_P(NativeTreeContract, IsIndexedRecordByRecord) {
    const auto found = index();
    EXPECT_EQ(found.layout, set_.layout);
    EXPECT_EQ(found.root, own());
    ASSERT_EQ(found.samples.size(), set_.samples.size());
    for (std::size_t i = 0; i < found.samples.size(); ++i) {
        const auto& sample = found.samples[i];
        const auto& expected = set_.samples[i];
        EXPECT_EQ(sample.id, expected.id);
        EXPECT_EQ(sample.dataset, name_);
        EXPECT_TRUE(sample.id.starts_with(sample.category + "/" + sample.split + "/" +
                                          sample.defect_type + "/"))
            << sample.id;
        EXPECT_EQ(sample.anomalous, expected.is_anomalous.value_or(sample.defect_type != "good"))
            << sample.id;
        EXPECT_EQ(sample.image, own() / expected.image);
        std::vector<fs::path> masks;
        for (const auto& mask : expected.masks) { masks.push_back(own() / mask); }
        EXPECT_EQ(sample.masks(), masks) << sample.id;
        EXPECT_EQ(sample.crop, expected.crop) << sample.id;
        EXPECT_EQ(sample.group, expected.group) << sample.id;
        EXPECT_EQ(sample.unseen, expected.unseen) << sample.id;
        EXPECT_EQ(text_of(sample.saturation), expected.saturation) << sample.id;
    }
}

TEST_P(NativeTreeContract, HasThePixelsOfItsImagesAndMasks) {
    const auto found = index();
    ASSERT_EQ(found.samples.size(), set_.samples.size());
    for (std::size_t i = 0; i < found.samples.size(); ++i) {
        const auto& sample = found.samples[i];
        const auto& rows = set_.samples[i].crop;
        const int height = rows ? rows->last - rows->first : kTreeImage.height;
        const auto image = read_image(sample);
        EXPECT_EQ(image.height, height) << sample.id;
        EXPECT_EQ(image.width, kTreeImage.width) << sample.id;
        EXPECT_EQ(read_mask(sample, height, kTreeImage.width).anomalous,
                  pixels_of(set_.samples[i].anomalous, height))
            << sample.id;
    }
}

TEST_P(NativeTreeContract, SaysWhatItMustAndNothingOfLeftovers) {
    const auto found = index();
    for (const auto& part : set_.notes) {
        EXPECT_TRUE(std::ranges::any_of(found.notes, [&](const std::string& note) {
            return note.find(part) != std::string::npos;
        })) << part;
    }
    for (const auto& left_out : found.left_out) { ADD_FAILURE() << describe(left_out); }
    for (const auto& note : found.notes) {
        EXPECT_EQ(note.find("looks like"), std::string::npos) << note;
    }
}

TEST_P(NativeTreeContract, PassesCheck) {
    const auto check = check_dataset(name_, root_, {}, {});
    for (const auto& finding : check.findings) { EXPECT_FALSE(finding.is_error) << finding.text; }
    EXPECT_EQ(check.id_digest, id_digest(index().samples));
}

TEST_P(NativeTreeContract, IsTheSameFrozenUnderAnotherRoot) {
    auto found = index();
    digest_samples(found.samples, 1);
    write_bytes(root_ / "split.tsv", freeze(std::vector{found}));
    const auto moved = fs::path(root_.string() + "_moved");
    fs::rename(root_, moved);
    auto frozen = read_manifest(moved / "split.tsv", moved).at(0).samples;
    fs::rename(moved, root_);
    ASSERT_EQ(frozen.size(), found.samples.size());
    for (std::size_t i = 0; i < frozen.size(); ++i) {
        EXPECT_EQ(frozen[i].image, moved / fs::relative(found.samples[i].image, root_));
        frozen[i].image = found.samples[i].image;
        frozen[i].mask = found.samples[i].mask;
        frozen[i].more_masks = found.samples[i].more_masks;
        EXPECT_EQ(frozen[i], found.samples[i]) << frozen[i].id;
    }
}

TEST_P(NativeTreeContract, TakesItsOwnFolderAsDataRoot) {
    EXPECT_EQ(index_dataset(name_, own(), {}).samples, index().samples);
}

TEST_P(NativeTreeContract, SaysWhatToPassForAWrongLevel) {
    const auto below = (own() / set_.samples.front().image).parent_path();
    const auto too_low = message(below);
    EXPECT_NE(too_low.find("pass '" + own().string()), std::string::npos) << too_low;
    const auto deeper = root_ / "archive/copy";
    fs::create_directories(deeper);
    fs::rename(own(), deeper / "its_name");
    const auto too_high = message(root_ / "archive");
    // Or the folder above it, where a set may lie one folder deeper.
    EXPECT_NE(too_high.find("pass '" + deeper.string()), std::string::npos) << too_high;
}

TEST_P(NativeTreeContract, NamesAMaskOrImageThatWasNotUnpacked) {
    const auto& sample = masked();
    const auto mask = own() / sample.masks.front();
    if (set_.needs_masks) {
        fs::rename(mask, root_ / "kept");
        const auto without_mask = message(root_);
        const bool names_it =
            without_mask.find(mask.string()) != std::string::npos ||
            without_mask.find((own() / sample.image).string()) != std::string::npos;
        EXPECT_TRUE(names_it) << without_mask;
        EXPECT_NE(without_mask.find("; "), std::string::npos) << "no mend: " << without_mask;
        fs::rename(root_ / "kept", mask);
    }
    fs::remove(own() / sample.image);
    const auto without_image = message(root_);
    EXPECT_NE(without_image.find(own().string()), std::string::npos) << without_image;
    EXPECT_NE(without_image.find("; "), std::string::npos) << "no mend: " << without_image;
}

INSTANTIATE_TEST_SUITE_P(Datasets, NativeTreeContract,
                         testing::ValuesIn(datasets().begin(), datasets().end()),
                         [](const auto& entry) {
                             std::string name(entry.param.name);
                             std::ranges::replace_if(
                                 name, [](char c) { return c == '-' || c == '.'; }, '_');
                             return name;
                         });

TEST(NativeTrees, AreOfDataSetsThatThereAre) {
    for (const auto& tree : kTrees) {
        EXPECT_TRUE(std::ranges::any_of(datasets(), [&](const DatasetEntry& entry) {
            return entry.name == tree.dataset;
        })) << tree.dataset;
    }
}

}  // namespace
}  // namespace patchead
