#include "patchead/scoring/versions.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "features.hpp"
#include "patchead/core/error.hpp"
#include "patchead/scoring/match.hpp"

namespace patchead {
namespace {

constexpr auto kNan = std::numeric_limits<float>::quiet_NaN();
const ReferenceFilter kAll = [](const std::string&, Version) { return true; };

/// One query, one patch; a reference in three versions and one in one.
MatchTensor tensor() {
    return {{1, 1},
            {"q"},
            {"a", "b", "a", "a"},
            {0.1F, 0.9F, 0.7F, 0.4F},
            {},
            {Version::original, Version::original, Version::aligned, Version::rotated}};
}

TEST(JoinReferences, PutsPartsSideBySideQueryByQuery) {
    const MatchTensor left{{1, 2}, {"q", "p"}, {"a"}, {1, 2, 5, 6}, {}, {}};
    const MatchTensor right{{1, 2},       {"q", "p"}, {"b"},
                            {3, 4, 7, 8}, {},         std::vector{Version::aligned}};
    const std::vector parts{left, right};
    const auto joined = join_references(parts, kAll);
    EXPECT_EQ(joined.reference_ids, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(joined.reference_versions, (std::vector{Version::original, Version::aligned}));
    EXPECT_EQ(joined.similarity, (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(JoinReferences, LeavesOutWhatIsNotWanted) {
    const std::vector parts{tensor()};
    const auto joined = join_references(parts, [](const std::string& id, Version version) {
        return id == "a" && version != Version::rotated;
    });
    EXPECT_EQ(joined.similarity, (std::vector<float>{0.1F, 0.7F}));
}

TEST(JoinReferences, RefusesPartsOfOtherQueries) {
    auto other = tensor();
    other.query_ids = {"p"};
    const std::vector parts{tensor(), other};
    EXPECT_THROW(static_cast<void>(join_references(parts, kAll)), DataError);
}

TEST(MergeVersions, TakesTheBestPatchOfAllVersions) {
    const auto merged = merge_versions(tensor(), MergeVersions::extreme, Reduce::nearest);
    EXPECT_EQ(merged.reference_ids, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(merged.similarity, (std::vector<float>{0.7F, 0.9F}));
    EXPECT_EQ(merge_versions(tensor(), MergeVersions::extreme, Reduce::farthest).similarity,
              (std::vector<float>{0.1F, 0.9F}));
}

TEST(MergeVersions, OrTheMean) {
    const auto merged = merge_versions(tensor(), MergeVersions::mean, Reduce::nearest);
    EXPECT_FLOAT_EQ(merged.similarity[0], 0.4F);
    EXPECT_FLOAT_EQ(merged.similarity[1], 0.9F);
}

TEST(MergeVersions, AnImageAndItselfStayNan) {
    auto matches = tensor();
    matches.similarity = {kNan, 0.9F, kNan, kNan};
    for (const auto how : {MergeVersions::extreme, MergeVersions::mean}) {
        EXPECT_TRUE(std::isnan(merge_versions(matches, how, Reduce::nearest).similarity[0]));
    }
}

/// The versions of one image do not count as references of each other.
TEST(MatchBatch, LeavesOutAllVersionsOfTheQuery) {
    auto block = quantised_features("x", 3, {2, 2}, 8);
    block.ids = {"a", "a", "b"};
    block.versions = {Version::original, Version::aligned, Version::original};
    const auto matches = match_batch(block, 3, Reduce::nearest);
    EXPECT_TRUE(std::isnan(matches.row(0, 1)[0]));
    EXPECT_FALSE(std::isnan(matches.row(0, 2)[0]));
    EXPECT_EQ(matches.query_versions, block.versions);
    EXPECT_EQ(matches.reference_versions, block.versions);
}

/// Copies with the features of their original change no bit, wherever they stand in the batch.
TEST(MatchBatch, ACopyThatIsItsOriginalMatchesAsItDoes) {
    const auto original = quantised_features("x", 2, {2, 3}, 16);
    auto copy = original;
    copy.versions = {Version::rotated, Version::aligned};
    EXPECT_EQ(match_batch(original, 2, Reduce::nearest).row(0, 1)[0],
              match_batch(copy, 2, Reduce::nearest).row(0, 1)[0]);
}

}  // namespace
}  // namespace patchead
