#include "pipeline/align_pairs.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/data/demo_data.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Parts that lie at any angle: two prompts, and some tests.
class AlignPairsTest : public testing::Test {
  protected:
    AlignPairsTest() {
        write_demo_data(folder_.path(), {.train = 5, .test_good = 1, .per_defect = 0});
        for (int i = 0; i < 5; ++i) {
            Sample sample;
            sample.id = concat("bracket/00", i);
            sample.image =
                folder_.path() / "mvtec-like/bracket/train/good" / concat("00", i, ".png");
            samples_.push_back(sample);
        }
    }

    KeptLandmarks keeping(std::size_t most) const { return {samples_, options_, most}; }

    static std::vector<AlignPair> pairs_with(std::size_t prompt) {
        return {{prompt, 2}, {prompt, 3}, {prompt, 4}};
    }

    TemporaryFolder folder_;
    std::vector<Sample> samples_;
    AlignOptions options_;
};

TEST_F(AlignPairsTest, GiveTheSameWhateverIsKept) {
    auto none = keeping(0);
    const auto plain = align_pairs(pairs_with(0), none);
    ASSERT_EQ(plain.size(), 3U);
    EXPECT_TRUE(plain[0].accepted || plain[1].accepted || plain[2].accepted);
    const auto plain_of_other = align_pairs(pairs_with(1), none);
    for (const std::size_t most : {1U, 3U, 100U}) {
        auto some = keeping(most);
        EXPECT_EQ(align_pairs(pairs_with(0), some), plain) << most;
        EXPECT_EQ(align_pairs(pairs_with(1), some), plain_of_other) << most;
    }
}

TEST_F(AlignPairsTest, ReadAnImageOnceForAllPrompts) {
    auto all = keeping(4);
    static_cast<void>(align_pairs(pairs_with(0), all));
    for (const std::size_t test : {2U, 3U, 4U}) { fs::remove(samples_[test].image); }
    EXPECT_EQ(align_pairs(pairs_with(1), all).size(), 3U);
    auto fewer = keeping(3);  // The prompt takes one place.
    EXPECT_THROW(static_cast<void>(align_pairs(pairs_with(1), fewer)), Error);
}

TEST_F(AlignPairsTest, ForgetWhatTheNextUnitDoesNotNeed) {
    auto all = keeping(100);
    static_cast<void>(align_pairs(pairs_with(0), all));
    static_cast<void>(align_pairs(std::vector<AlignPair>{{0, 1}}, all));
    fs::remove(samples_[2].image);
    EXPECT_THROW(static_cast<void>(align_pairs(pairs_with(0), all)), Error);
}

}  // namespace
}  // namespace patchead
