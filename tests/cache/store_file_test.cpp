// What lies in a file of the store, byte by byte.

#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "patchead/cache/describe.hpp"
#include "patchead/core/files.hpp"
#include "store_fixture.hpp"

namespace patchead {
namespace {

// The writer is checked with HDF5's own calls, not with our reader: a transposition in both would
// go unseen.
TEST_F(StoreTest, WritesHalvesInTheOrderImagePatchChannel) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    const hid_t file = H5Fopen(store_.path(kKey).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t data = H5Dopen2(file, "embeddings", H5P_DEFAULT);
    const hid_t type = H5Dget_type(data);
    EXPECT_EQ(H5Tget_class(type), H5T_FLOAT);
    EXPECT_EQ(H5Tget_size(type), 2U);
    const hid_t space = H5Dget_space(data);
    std::array<hsize_t, 3> shape{};
    EXPECT_EQ(H5Sget_simple_extent_dims(space, shape.data(), nullptr), 3);
    EXPECT_EQ(shape, (std::array<hsize_t, 3>{3, 6, 4}));
    std::array<std::array<std::array<float, 4>, 6>, 3> values{};
    EXPECT_GE(H5Dread(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    EXPECT_EQ(values[0][0][1], features().embeddings[1]);
    EXPECT_EQ(values[0][1][0], features().embeddings[4]);
    EXPECT_EQ(values[2][5][3], features().embeddings[71]);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(data);
    H5Fclose(file);
}

TEST_F(StoreTest, WritesTheSameBytesForTheSameContent) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    const auto first = bytes_of(store_.path(kKey));
    const Store other(folder_.path() / "other");
    other.write(kKey, features(), CacheType::fp16, kProvenance);
    EXPECT_EQ(bytes_of(other.path(kKey)), first);
}

/// One image of `block`.
FeatureBlock image_of(const FeatureBlock& block, std::size_t i) {
    const auto embedding = block.embedding(i);
    const auto attention = block.attention_of(i);
    return {block.grid,
            block.dim,
            {block.ids[i]},
            {embedding.begin(), embedding.end()},
            {attention.begin(), attention.end()}};
}

TEST_F(StoreTest, WritesTheSameBytesForABlockThatComesInParts) {
    const auto whole = features(4);
    for (const auto type : {CacheType::fp16, CacheType::fp32}) {
        store_.write(kKey, whole, type, kProvenance);
        const auto expected = read_text(store_.path(kKey));
        std::filesystem::remove(store_.path(kKey));
        std::vector<FeatureBlock> parts{image_of(whole, 0), image_of(whole, 1), image_of(whole, 2),
                                        image_of(whole, 3)};
        std::size_t at = 0;
        const auto next = [&] { return at < parts.size() ? &parts[at++] : nullptr; };
        store_.write(kKey, whole.ids, next, type, kProvenance);
        EXPECT_EQ(read_text(store_.path(kKey)), expected);
    }
}

TEST_F(StoreTest, RefusesPartsThatAreNoWhole) {
    const auto whole = features(2);
    const auto first = image_of(whole, 0);
    const auto* part = &first;
    const auto once = [&] { return std::exchange(part, nullptr); };
    expect_says(error_of([&] {
                    store_.write(kKey, whole.ids, once, CacheType::fp16, kProvenance);
                    return 0;
                }),
                {"cannot write", "1 images", "2 ids"});
    EXPECT_FALSE(store_.contains(kKey));
}

// In seconds, so that files of the same second would be equal all the same.
TEST_F(StoreTest, WritesNoTimeStamps) {
    store_.write(kKey, result(), kProvenance);
    const hid_t file = H5Fopen(store_.path(kKey).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    int objects = 0;
    const auto visit = [](hid_t, const char* name, const H5O_info_t* info, void* count) {
        EXPECT_EQ(info->btime + info->mtime + info->ctime + info->atime, 0) << name;
        ++*static_cast<int*>(count);
        return 0;
    };
#if H5_VERSION_GE(1, 12, 0)
    H5Ovisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, visit, &objects, H5O_INFO_BASIC | H5O_INFO_TIME);
#else
    H5Ovisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, visit, &objects);
#endif
    EXPECT_EQ(objects, 10);  // The root, 2 groups and 7 data sets.
    H5Fclose(file);
}

TEST_F(StoreTest, RefusesAFileThatWasRenamedToAnotherKey) {
    const ArtifactKey other("features", {{"backbone", "other"}});
    store_.write(other, features(), CacheType::fp16, kProvenance);
    std::filesystem::create_directories(store_.path(kKey).parent_path());
    std::filesystem::rename(store_.path(other), store_.path(kKey));
    expect_says(error_of([&] { return store_.read_features(kKey); }),
                {store_.path(kKey).string(), other.json(), kKey.json(), "remove it"});
}

TEST_F(StoreTest, RefusesAnotherSchema) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    const hid_t file = H5Fopen(store_.path(kKey).c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t schema = H5Aopen(file, "schema", H5P_DEFAULT);
    const int next = 2;
    H5Awrite(schema, H5T_NATIVE_INT, &next);
    H5Aclose(schema);
    H5Fclose(file);
    expect_says(error_of([&] { return store_.read_features(kKey); }),
                {store_.path(kKey).string(), "schema is 2", "is 1", "remove it"});
}

TEST(Hdf5Version, IsThreeNumbers) {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned release = 0;
    ASSERT_EQ(std::sscanf(hdf5_version().c_str(), "%u.%u.%u", &major, &minor, &release), 3);
    EXPECT_TRUE(H5_VERSION_GE(1, 10, 0) && major == H5_VERS_MAJOR);
}

}  // namespace
}  // namespace patchead
