#include "options/point_options.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

PointOptions points_of(const Words& arguments) {
    CommandSyntax syntax{"patchead test", "", ""};
    syntax.options.add(point_option_group());
    return parse_points(parse_options(arguments, syntax).values);
}

TEST(PointOptions, MakeOneGridOfWhatIsGivenAndDefaults) {
    const auto points = points_of({"--dataset", "mvtec", "visa", "mvtec", "--shots", "4", "0",
                                   "--image-size", "default", "448", "--modules", "patchead+"});
    EXPECT_EQ(points.datasets, (Words{"mvtec", "visa"}));
    EXPECT_EQ(points.text, "");
    ASSERT_EQ(points.grids.size(), 1U);
    const auto& grid = points.grids[0];
    EXPECT_EQ(grid.shots, (std::vector<int>{4, 0}));
    EXPECT_EQ(grid.sides_px, (std::vector<int>{kDefaultSide, 448}));
    EXPECT_EQ(grid.seeds, (std::vector<std::uint64_t>{0, 1, 2}));
    EXPECT_TRUE(grid.modules[0].by_dataset);
}

TEST(PointOptions, ComeFromGridFilesAndNarrowThem) {
    const TemporaryFolder folder;
    const auto one = (folder.path() / "one.cfg").string();
    const auto two = (folder.path() / "two.cfg").string();
    std::ofstream(one) << "dataset = mvtec\nbackbone = a b\nshots = 1 2\n";
    std::ofstream(two) << "dataset = visa\nbackbone = b\nshots = 4\n";
    const auto all = points_of({"--grid", one, two});
    ASSERT_EQ(all.grids.size(), 2U);
    EXPECT_EQ(all.backbones, (Words{"a", "b"}));
    EXPECT_EQ(all.grids[1].backbones, std::vector<std::size_t>{1});
    EXPECT_NE(all.text.find("--shots 1 2"), std::string::npos) << all.text;
    const auto narrow = points_of({"--grid", one, two, "--shots", "2", "3"});
    ASSERT_EQ(narrow.grids.size(), 1U) << "no point is left of the other";
    EXPECT_EQ(narrow.grids[0].shots, std::vector<int>{2});
    EXPECT_THROW((void)points_of({"--grid", one, "--shots", "3"}), ConfigError);
}

TEST(PointOptions, FuseNothingUnlessAsked) {
    const auto grid_of = [](const Words& more) {
        Words arguments{"--dataset", "a"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return points_of(arguments).grids.at(0);
    };
    using Rules = std::vector<FuseRule>;
    EXPECT_EQ(grid_of({}).fuse_sides, Rules{});
    EXPECT_EQ(grid_of({}).fuse_backbones, Rules{});
    EXPECT_EQ(grid_of({"--fuse-sizes", "max", "mean", "max"}).fuse_sides,
              (Rules{FuseRule::highest, FuseRule::mean}));
    EXPECT_EQ(grid_of({"--fuse-backbones", "mean"}).fuse_backbones, Rules{FuseRule::mean});
    EXPECT_THROW((void)grid_of({"--fuse-sizes", "median"}), ConfigError);
}

// A grid that does not speak of fusing has no values that could be narrowed.
TEST(PointOptions, FuseThePointsOfGridFilesThatDoNotSpeakOfIt) {
    const TemporaryFolder folder;
    const auto plain = (folder.path() / "plain.cfg").string();
    const auto fused = (folder.path() / "fused.cfg").string();
    std::ofstream(plain) << "dataset = mvtec\n";
    std::ofstream(fused) << "dataset = visa\nfuse-sizes = mean max\n";
    EXPECT_EQ(points_of({"--grid", plain}).text.find("fuse"), std::string::npos);
    const auto points = points_of({"--grid", plain, fused, "--fuse-sizes", "max"});
    ASSERT_EQ(points.grids.size(), 2U);
    for (const auto& grid : points.grids) {
        EXPECT_EQ(grid.fuse_sides, std::vector<FuseRule>{FuseRule::highest});
    }
    EXPECT_NE(points.text.find("--fuse-sizes max"), std::string::npos);
}

TEST(PointOptions, RefuseWhatIsNoPoint) {
    EXPECT_THROW((void)points_of({"--shots", "1"}), ConfigError) << "no data set";
    EXPECT_THROW((void)points_of({"--dataset", "a", "--shots", "-1"}), ConfigError);
    EXPECT_THROW((void)points_of({"--dataset", "a", "--image-size", "0"}), ConfigError);
    EXPECT_THROW((void)points_of({"--dataset", "a", "--modules", "masks"}), ConfigError);
    EXPECT_THROW((void)points_of({"--grid", "/no/such/file"}), ConfigError);
}

}  // namespace
}  // namespace patchead
