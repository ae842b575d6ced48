#include "setup/measure/test_names.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

using Found = std::vector<std::size_t>;

Sample named(const std::string& id, const std::string& image) {
    Sample sample;
    const auto first = id.find('/');
    const auto second = id.find('/', first + 1);
    sample.id = id;
    sample.dataset = "set";
    sample.category = id.substr(0, first);
    sample.split = id.substr(first + 1, second - first - 1);
    sample.defect_type = id.substr(second + 1, id.find('/', second + 1) - second - 1);
    sample.image = image;
    return sample;
}

/// Numbers 0 to 4.
std::vector<Sample> images() {
    return {named("nut/train/good/000", "/d/set/nut/train/good/000.png"),
            named("nut/test/good/000", "/d/set/nut/test/good/000.png"),
            named("nut/test/crack/000", "/d/set/nut/test/crack/000.png"),
            named("nut/test/crack/007", "/d/set/nut/test/crack/007.png"),
            named("pin/test/bad/001", "/d/set/pin/Data/Images/Anomaly/001.JPG")};
}

TEST(TestNames, AreIdsAndPathsInEveryForm) {
    const auto samples = images();
    const TestNames names(samples);
    for (const auto* name : {"nut/test/crack/000", "nut/test/crack/000.png", "nut/crack/000",
                             "set/nut/test/crack/000", "set/nut/crack/000.png", "nut\\crack\\000",
                             "./nut/test/crack/000", "/d/set/nut/test/crack/000.png"}) {
        EXPECT_EQ(names.find(name), Found{2}) << name;
    }
    for (const auto* name : {"pin/Data/Images/Anomaly/001", "pin/Data/Images/Anomaly/001.JPG",
                             "pin/bad/001", "pin/test/bad/001", "pin/001", "001", "001.png"}) {
        EXPECT_EQ(names.find(name), Found{4}) << name;
    }
}

TEST(TestNames, ThatFitSeveralImagesGiveAll) {
    const auto samples = images();
    const TestNames names(samples);
    EXPECT_EQ(names.find("nut/000"), (Found{1, 2}));
    EXPECT_EQ(names.find("000"), (Found{1, 2}));
    EXPECT_EQ(names.find("nut/007"), Found{3});
}

TEST(TestNames, OfOtherFilesFitNone) {
    const auto samples = images();
    const TestNames names(samples);
    for (const auto* name : {"nut/train/good/000", "nut/test/crack/0000", "cap/test/good/000",
                             "elsewhere/007", "crack/007", ""}) {
        EXPECT_EQ(names.find(name), Found{}) << name;
    }
}

}  // namespace
}  // namespace patchead
