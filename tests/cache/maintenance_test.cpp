#include "patchead/cache/maintenance.hpp"

#include <gtest/gtest.h>

#include "patchead/cache/store.hpp"
#include "patchead/core/error.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

TEST(StoreSizes, AreReadAsUsersWriteThem) {
    EXPECT_EQ(parse_size("limit", "100"), 100U);
    EXPECT_EQ(parse_size("limit", "2K"), 2048U);
    EXPECT_EQ(parse_size("limit", "1.5MiB"), 1572864U);
    EXPECT_EQ(parse_size("limit", "3T"), 3ULL << 40);
    for (const auto* text : {"", "G", "5X", "-1G", "nan", "1 G", "1GB "}) {
        EXPECT_THROW(static_cast<void>(parse_size("limit", text)), ConfigError) << text;
    }
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(1536), "1.5 KiB");
    EXPECT_EQ(size_text(std::uint64_t{700} << 30), "700 GiB");
}

TEST(Evictions, TakeTheLeastRecentlyUsedThatNobodyNeeds) {
    const auto at = [](int minute) {
        return std::filesystem::file_time_type(std::chrono::minutes(minute));
    };
    const std::vector<StoredFile> files{
        {"a", "features", 10, at(3)}, {"b", "features", 10, at(1)}, {"c", "features", 10, at(2)}};
    const auto names = [&](std::uint64_t limit, const std::set<std::filesystem::path>& needed) {
        std::string text;
        for (const auto& file : choose_evictions(files, 30, limit, needed)) {
            text += file.path.string();
        }
        return text;
    };
    EXPECT_EQ(names(30, {}), "");
    EXPECT_EQ(names(29, {}), "b");
    EXPECT_EQ(names(10, {}), "bc");
    EXPECT_EQ(names(10, {"b"}), "ca");
    EXPECT_EQ(names(0, {"a", "b", "c"}), "");
}

class MaintenanceTest : public testing::Test {
  protected:
    TemporaryFolder folder_;
    Store store_{folder_.path() / "store"};
};

TEST_F(MaintenanceTest, ListsArtifactsDamagedOnesAndTemporaries) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    put_bytes(store_.root() / "features" / "x.h5.damaged", "123");
    put_bytes(store_.root() / "features" / "x.h5.tmp.node7-01234567.1.1", "12");
    put_bytes(store_.root() / "notes.txt", "of a user");
    const auto content = list_store(store_.root());
    ASSERT_EQ(content.artifacts.size(), 1U);
    EXPECT_EQ(content.artifacts[0].path, store_.path(kKey));
    EXPECT_EQ(content.artifacts[0].kind, "features");
    EXPECT_EQ(content.artifacts[0].bytes, std::filesystem::file_size(store_.path(kKey)));
    ASSERT_EQ(content.damaged.size(), 1U);
    EXPECT_EQ(content.damaged[0].bytes, 3U);
    ASSERT_EQ(content.temporary.size(), 1U);
    EXPECT_THROW(static_cast<void>(list_store(folder_.path() / "nowhere")), CacheError);
}

TEST_F(MaintenanceTest, FindsNoDamageInWhatWasWritten) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    EXPECT_EQ(find_damage(store_.path(kKey)), std::nullopt);
}

TEST_F(MaintenanceTest, FindsDamageWhereverABitOfTheDataFlips) {
    store_.write(kKey, features(), CacheType::fp32, kProvenance);
    const auto path = store_.path(kKey);
    const auto whole = bytes_of(path);
    const auto first = features().embeddings[0];
    const auto at = whole.find(std::string(reinterpret_cast<const char*>(&first), sizeof first));
    ASSERT_NE(at, std::string::npos);
    for (const std::size_t offset : {0, 3, 11}) {
        put_byte(path, at + offset, static_cast<char>(whole[at + offset] ^ 1));
        EXPECT_NE(find_damage(path), std::nullopt);
        put_byte(path, at + offset, whole[at + offset]);
    }
    EXPECT_EQ(find_damage(path), std::nullopt);
}

TEST_F(MaintenanceTest, FindsATruncatedFileAndOneUnderAnotherName) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    const auto path = store_.path(kKey);
    const auto other = path.parent_path() / (std::string(64, '0') + ".h5");
    std::filesystem::copy_file(path, other);
    EXPECT_NE(find_damage(other), std::nullopt);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    EXPECT_NE(find_damage(path), std::nullopt);
    put_bytes(path, "no HDF5");
    EXPECT_NE(find_damage(path), std::nullopt);
    EXPECT_EQ(quarantine(path), path.string() + ".damaged");
    EXPECT_FALSE(store_.contains(kKey));
}

TEST_F(MaintenanceTest, NotesUse) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    const auto path = store_.path(kKey);
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(5));
    const auto before = std::filesystem::last_write_time(path);
    mark_used(path);
    EXPECT_GT(std::filesystem::last_write_time(path), before + std::chrono::hours(4));
    mark_used(folder_.path() / "nowhere");
}

}  // namespace
}  // namespace patchead
