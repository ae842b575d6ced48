#include <gtest/gtest.h>
#include <hdf5.h>

#include "patchead/cache/describe.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/cache/table_file.hpp"
#include "patchead/core/error.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

void expect_shows(const std::string& text, std::initializer_list<std::string> parts) {
    for (const auto& part : parts) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " not in:\n" << text;
    }
}

TEST(DescribeFile, ShowsKeyShapesNumbersAndChecksumsOfFeatures) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(kKey, features(), CacheType::fp16, kProvenance);
    expect_shows(describe_file(store.path(kKey)),
                 {"patchead artifact", "complete", "patchead_tiny", kKey.digest(), "Größe",
                  "/embeddings", "float16 [3 x 6 x 4], checksum OK",
                  "min -2, mean 2.4375, max 6.875", "/attention", "/ids", "\"screw/test/good/0\""});
}

TEST(DescribeFile, ShowsWhereAFileIsDamaged) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(kKey, matches(), kProvenance);
    auto bytes = bytes_of(store.path(kKey));
    const auto at = bytes.find(std::string("\x00\x00\x00\x3F\x00\x00\x80\xBE", 8));  // 0.5, -0.25
    ASSERT_NE(at, std::string::npos);
    bytes[at] = 1;
    put_bytes(store.path(kKey), bytes);
    expect_shows(describe_file(store.path(kKey)), {"/similarity", "DAMAGED", "slice 0",
                                                   "1 not finite", "/query_ids", "checksum OK"});
}

TEST(DescribeFile, ShowsTheColumnsOfATable) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    write_table_file(path, {{{"note", "for the test"}},
                            {{"metrics", {{"value", std::vector<double>{0.25, 0.5}}}}}});
    expect_shows(describe_file(path), {"patchead table", "for the test", "/metrics/value",
                                       "float64 [2], checksum OK", "0.25, 0.5"});
}

TEST(DescribeFile, ShowsAFileOfAnotherProgram) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "other.h5";
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t count = 1000000;
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const hid_t data =
        H5Dcreate2(file, "big", H5T_STD_I16BE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t one = H5Screate(H5S_SCALAR);
    const hid_t scalar =
        H5Dcreate2(file, "one", H5T_IEEE_F64BE, one, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/nowhere", file, "broken", H5P_DEFAULT, H5P_DEFAULT);
    H5Dclose(scalar);
    H5Sclose(one);
    H5Dclose(data);
    H5Sclose(space);
    H5Fclose(file);
    expect_shows(describe_file(path), {"not written by patchead", "/big", "int16 [1000000]",
                                       "no checksum", "of a sample of 65536", "/one", "/broken"});
}

TEST(DescribeFile, RefusesWhatIsNoHdf5File) {
    const TemporaryFolder folder;
    put_bytes(folder.path() / "text", "hello");
    EXPECT_THROW((void)describe_file(folder.path() / "text"), CacheError);
    EXPECT_THROW((void)describe_file(folder.path() / "absent"), UnreadableError);
    EXPECT_THROW((void)describe_file(folder.path()), UnreadableError);
}

}  // namespace
}  // namespace patchead
