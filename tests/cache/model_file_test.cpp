#include "patchead/cache/model_file.hpp"

#include <gtest/gtest.h>

#include "patchead/cache/store.hpp"
#include "patchead/cache/table_file.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

std::shared_ptr<const std::string> held(std::string bytes) {
    return std::make_shared<const std::string>(std::move(bytes));
}

ModelFile small_model() {
    return {
        {{"config", "image-size = 64\nalign = no\n"}, {"threshold", "max"}},
        {{"a.png", "d1", 61, 97, nullptr}, {"ä.jpg", "d2", 64, 64, held(std::string("\0\xff", 2))}},
        {0.25F, 0.5F},
        {{"features/aa/1.h5", held("one")}, {"model/bb/2.h5", held("")}}};
}

TEST(ModelFiles, GiveBackWhatWasWritten) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "below" / "model.h5";
    write_model_file(path, small_model());
    const auto read = read_model_file(path);
    EXPECT_EQ(read.facts, small_model().facts);
    EXPECT_EQ(read.left_out, small_model().left_out);
    ASSERT_EQ(read.photos.size(), 2U);
    EXPECT_EQ(read.photos[0].name, "a.png");
    EXPECT_EQ(read.photos[0].width, 97);
    EXPECT_FALSE(read.photos[0].bytes);
    EXPECT_EQ(*read.photos[1].bytes, std::string("\0\xff", 2));
    ASSERT_EQ(read.artifacts.size(), 2U);
    EXPECT_EQ(*read.artifacts.at("features/aa/1.h5"), "one");
    const auto first = bytes_of(path);
    write_model_file(path, small_model());
    EXPECT_EQ(bytes_of(path), first);
}

TEST(ModelFiles, OfOtherContentAreRefused) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "model.h5";
    EXPECT_THROW((void)read_model_file(path), CacheError);
    write_model_file(path, small_model());
    const auto whole = read_table_file(path);
    const auto refuse = [&](const std::string& what, const auto& spoil) {
        auto table = whole;
        spoil(table);
        write_table_file(path, table);
        EXPECT_THROW((void)read_model_file(path), DamagedError) << what;
    };
    using Ends = std::vector<std::int64_t>;
    refuse("other content", [](TableFile& t) { t.attributes["content"] = "maps"; });
    refuse("other schema", [](TableFile& t) { t.attributes["model_schema"] = "2"; });
    refuse("no photos", [](TableFile& t) { t.groups.erase("photos"); });
    refuse("no column", [](TableFile& t) { t.groups["photos"].erase("digest"); });
    refuse("other type", [](TableFile& t) { t.groups["left_out"]["score"] = Ends{1, 2}; });
    refuse("ends beyond", [](TableFile& t) { t.groups["artifacts"]["end"] = Ends{3, 1'000}; });
    refuse("ends that fall", [](TableFile& t) { t.groups["artifacts"]["end"] = Ends{3, -1}; });
    refuse("a photo without size", [](TableFile& t) { t.groups["photos"]["width"] = Ends{0, 64}; });
    refuse("a size that is none", [](TableFile& t) {
        t.groups["photos"]["height"] = Ends{1LL << 40, 64};
    });
    refuse("scores of others", [](TableFile& t) {
        t.groups["left_out"]["score"] = std::vector<float>{1, 2, 3};
    });
}

}  // namespace
}  // namespace patchead
