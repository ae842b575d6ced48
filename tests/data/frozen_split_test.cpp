#include "native_trees.hpp"
#include "patchead/data/manifest.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Two data sets on one machine, the same under other names on another, and a frozen split.
class FrozenSplit : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        for (const std::string root : {"here/mpdd/", "there/data/MPDD/"}) {
            add_as(root, {"tubes/train/good/0.png", "tubes/test/good/1.png",
                          "tubes/test/rust/2.png", "tubes/ground_truth/rust/2_mask.png"});
        }
        for (const std::string root : {"here/btad/", "there/data/BTech_Dataset_transformed/"}) {
            add_as(root, {"01/train/ok/0.bmp", "01/test/ok/1.bmp"});
        }
    }

    /// Content that depends on the name inside the data set alone.
    void add_as(const std::string& root, const std::vector<std::string>& files) const {
        for (const auto& file : files) { write_bytes(folder_ / (root + file), file); }
    }

    std::string frozen() const {
        std::vector<DatasetIndex> indexes;
        for (const auto* name : {"mpdd", "btad"}) {
            indexes.push_back(index_dataset(name, folder_ / "here", {}));
            digest_samples(indexes.back().samples, 2);
        }
        return freeze(indexes);
    }

    std::vector<DatasetIndex> read(const std::string& text) const {
        write_bytes(folder_ / "split.tsv", text);
        return read_manifest(folder_ / "split.tsv", folder_ / "there/data");
    }

    void expect_refused(const std::string& text, const std::string& part) const {
        const auto message = message_of<DataError>([&] { static_cast<void>(read(text)); });
        EXPECT_NE(message.find(part), std::string::npos) << message;
    }
};

TEST_F(FrozenSplit, GivesTheSameSamplesOnAnotherMachine) {
    auto indexes = read(frozen());
    ASSERT_EQ(indexes.size(), 2U);
    for (auto& index : indexes) {
        auto fresh = index_dataset(index.dataset, folder_ / "there/data", {});
        EXPECT_EQ(index.layout, "manifest");
        EXPECT_EQ(index.root, fresh.root);
        digest_samples(fresh.samples, 1);
        EXPECT_EQ(index.samples, fresh.samples);
        digest_samples(index.samples, 2);  // Right ones stay.
        EXPECT_EQ(index.samples, fresh.samples);
    }
}

TEST_F(FrozenSplit, LeavesOutWhatCameLater) {
    const auto text = frozen();
    add_as("there/data/MPDD/", {"tubes/train/good/9.png"});
    EXPECT_EQ(read(text)[0].samples.size(), 3U);
}

TEST_F(FrozenSplit, HoldsNoPathOfTheMachine) {
    EXPECT_EQ(frozen().find(folder_.string()), std::string::npos);
}

TEST_F(FrozenSplit, NamesAMissingFile) {
    fs::remove(folder_ / "there/data/MPDD/tubes/ground_truth/rust/2_mask.png");
    expect_refused(frozen(), "rust/2_mask.png");
}

TEST_F(FrozenSplit, NamesAFileWithOtherBytes) {
    add_as("there/data/MPDD/", {"tubes/test/good/1.png"});
    write_bytes(folder_ / "there/data/MPDD/tubes/test/good/1.png", "another release");
    auto samples = read(frozen())[0].samples;
    const auto message = message_of<DataError>([&] { digest_samples(samples, 2); });
    EXPECT_NE(message.find("test/good/1.png"), std::string::npos) << message;
}

TEST_F(FrozenSplit, RefusesWhatWasCutShortEvenBehindALine) {
    const auto text = frozen();
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_THROW(static_cast<void>(read(text.substr(0, size))), DataError) << size;
    }
}

TEST_F(FrozenSplit, RefusesWhatWasChangedByHand) {
    auto text = frozen();
    const auto id = text.find("tubes/test/rust");
    text.replace(id, 10, "tubes/next");
    expect_refused(text, "changed");
    expect_refused(to_tsv(index_dataset("mpdd", folder_ / "here", {}).samples), "freeze it again");
}

TEST_F(FrozenSplit, SaysThatADataSetIsNotThere) {
    fs::remove_all(folder_ / "there/data/MPDD");
    expect_refused(frozen(), "no data set 'mpdd'");
}

}  // namespace
}  // namespace patchead
