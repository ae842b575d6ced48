#include "patchead/cache/table_file.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "patchead/cache/store.hpp"
#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

TableFile table() {
    return {.attributes = {{"backbone", "patchead_tiny"}, {"empty", ""}, {"json", R"({"a":"ä"})"}},
            .groups = {{"metrics",
                        {{"category", std::vector<std::string>{"screw", "", "Größe"}},
                         {"value", std::vector<double>{0.1, -1e-300, 1}},
                         {"score", std::vector<float>{0.1F, 2, 3}},
                         {"seed", std::vector<std::int64_t>{0, -1, 1LL << 62}}}},
                       {"jpeg", {{"bytes", std::vector<std::uint8_t>{0, 255, 0}}}},
                       {"nothing", {{"id", std::vector<std::string>{}}}}}};
}

TEST(TableFiles, GiveBackWhatWasWritten) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "below" / "results.h5";
    write_table_file(path, table());
    const auto read = read_table_file(path);
    EXPECT_EQ(read.attributes, table().attributes);
    EXPECT_EQ(read.groups, table().groups);
    EXPECT_EQ(folder.files(), 1);
}

TEST(TableFiles, KeepNaN) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    write_table_file(path, {{}, {{"g", {{"v", std::vector{std::nan("")}}}}}});
    const auto read = read_table_file(path);
    EXPECT_TRUE(std::isnan(std::get<std::vector<double>>(read.groups.at("g").at("v")).at(0)));
}

TEST(TableFiles, HoldTextsLargerThanAnObjectHeader) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    const std::string text(200000, 'x');
    write_table_file(path,
                     {{{"long", text}}, {{"g", {{"t", std::vector{text, std::string("y")}}}}}});
    const auto read = read_table_file(path);
    EXPECT_EQ(read.attributes.at("long"), text);
    EXPECT_EQ(std::get<std::vector<std::string>>(read.groups.at("g").at("t")).at(0), text);
}

TEST(TableFiles, AreTheSameBytesForTheSameContent) {
    const TemporaryFolder folder;
    write_table_file(folder.path() / "a.h5", table());
    write_table_file(folder.path() / "b.h5", table());
    EXPECT_EQ(bytes_of(folder.path() / "a.h5"), bytes_of(folder.path() / "b.h5"));
}

TEST(TableFiles, ThatCannotBeOneAreRefusedAndNotBegun) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    const Column one = std::vector<double>{1};
    const Column two = std::vector<double>{1, 2};
    const std::vector<TableFile> wrong{
        {{}, {{"g", {{"a", one}, {"b", two}}}}},  // lengths differ
        {{}, {{"g/h", {{"a", one}}}}},            // a name with a folder in it
        {{}, {{"g", {{"", one}}}}},               // no name
        {{{"schema", "7"}}, {}},                  // a name of the format itself
        {{{"a", std::string("x\0y", 3)}}, {}},    // would come back shorter
        {{}, {{"g", {{"a", std::vector{std::string(1, '\0')}}}}}},
    };
    for (const auto& table_file : wrong) {
        EXPECT_THROW(write_table_file(path, table_file), CacheError);
        EXPECT_EQ(folder.files(), 0);
    }
}

TEST(TableFiles, AreNotReadFromOtherFiles) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    EXPECT_THROW((void)read_table_file(path), CacheError);
    put_bytes(path, "dataset,category\n");
    EXPECT_THROW((void)read_table_file(path), CacheError);
    const Store store(folder.path());
    const ArtifactKey key("result", {});
    store.write(key, PointResult{}, {});
    EXPECT_THROW((void)read_table_file(store.path(key)), CacheError);
}

}  // namespace
}  // namespace patchead
