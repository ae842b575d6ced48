#include "patchead/scoring/score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "features.hpp"
#include "patchead/scoring/match.hpp"

namespace patchead {
namespace {

/// One query with one patch, and its similarity to each reference.
MatchTensor one_patch(std::vector<float> similarity) {
    MatchTensor matches{{1, 1}, {"query"}, {}, std::move(similarity)};
    for (std::size_t r = 0; r < matches.similarity.size(); ++r) {
        matches.reference_ids.push_back(concat("reference/", r));
    }
    return matches;
}

/// One query of several patches, and one reference.
MatchTensor one_reference(std::vector<float> similarity) {
    return {{1, static_cast<int>(similarity.size())}, {"query"}, {"reference"}, similarity};
}

ScoringOptions with(Select select, double reference_fraction) {
    ScoringOptions options;
    options.select = select;
    options.reference_fraction = reference_fraction;
    return options;
}

ScoringOptions top(double patch_fraction) {
    ScoringOptions options;
    options.patch_fraction = patch_fraction;
    return options;
}

ScoringOptions masked(double threshold, double weight) {
    ScoringOptions options;
    options.masking = Masking{threshold, weight};
    return options;
}

// Distances 0.1 and 0.3 of two chosen ones of four: the nearest, then their mean.
TEST(Score, OfAChoiceOfReferencesKnowsNoOther) {
    const auto matches = one_patch({0.9F, 1.0F, 0.7F, 0.2F});
    EXPECT_NEAR(score(matches, ReferenceLists{{0, 2}}, {}, with(Select::closest, 0)).patches[0],
                0.1, 1e-6);
    EXPECT_NEAR(score(matches, ReferenceLists{{2, 0}}, {}, with(Select::closest, 1)).patches[0],
                0.2, 1e-6);
    const auto all = score(matches, 4, {}, with(Select::closest, 0.5));
    EXPECT_EQ(score(matches, ReferenceLists{{0, 1, 2, 3}}, {}, with(Select::closest, 0.5)).patches,
              all.patches);
    EXPECT_THROW((void)score(matches, ReferenceLists{{}}, {}, with(Select::closest, 0)), DataError);
}

TEST(SelectedCount, TakesThreeTenthsAsThePapersTableDoes) {
    const std::vector<std::pair<std::size_t, std::size_t>> batch_and_count{
        {2, 1},   {3, 1},   {4, 1},   {5, 1},   {8, 2},   {16, 4},   {32, 9},
        {42, 12}, {44, 12}, {60, 17}, {64, 18}, {83, 24}, {128, 38}, {200, 59}};
    for (const auto& [batch, count] : batch_and_count) {
        EXPECT_EQ(selected_count(0.3, batch - 1, Rounding::floor), count) << batch;
    }
}

// In binary 0.29 * 100 is 28.999999999999996 and 0.07 * 100 is 7.000000000000001.
TEST(SelectedCount, MeansDecimalFractionsAsTheyAreWritten) {
    for (std::size_t percent = 1; percent <= 100; ++percent) {
        const double fraction = static_cast<double>(percent) / 100;
        for (const std::size_t count : {10U, 63U, 100U, 1024U, 2304U}) {
            const auto exact = percent * count;
            const auto expect = [&](std::size_t value, Rounding rounding) {
                EXPECT_EQ(selected_count(fraction, count, rounding),
                          std::max<std::size_t>(1, value))
                    << percent << " % of " << count;
            };
            expect(exact / 100, Rounding::floor);
            expect((exact + 99) / 100, Rounding::ceil);
            expect((exact + 50) / 100, Rounding::round);
        }
    }
}

TEST(SelectedCount, IsAtLeastOneAndAtMostAll) {
    EXPECT_EQ(selected_count(0, 1024, Rounding::floor), 1U);
    EXPECT_EQ(selected_count(0.3, 3, Rounding::floor), 1U);
    EXPECT_EQ(selected_count(1, 7, Rounding::ceil), 7U);
}

TEST(SelectedCount, RefusesWhatIsNoFraction) {
    EXPECT_THROW((void)selected_count(30, 10, Rounding::floor), ConfigError);
    EXPECT_THROW((void)selected_count(-0.1, 10, Rounding::floor), ConfigError);
    EXPECT_THROW((void)selected_count(std::nan(""), 10, Rounding::floor), ConfigError);
}

// Distances 0.125, 0.25, 0.5 and 1.
TEST(Score, AveragesTheClosestReferences) {
    const auto matches = one_patch({0.5F, 0.875F, 0, 0.75F});
    EXPECT_EQ(score(matches, 4, {}, with(Select::closest, 0)).patches[0], 0.125F);
    EXPECT_EQ(score(matches, 4, {}, with(Select::closest, 0.5)).patches[0], 0.1875F);
    EXPECT_EQ(score(matches, 4, {}, with(Select::closest, 1)).patches[0], 0.46875F);
}

TEST(Score, AveragesTheFarthestReferencesIfAsked) {
    const auto matches = one_patch({0.5F, 0.875F, 0, 0.75F});
    EXPECT_EQ(score(matches, 4, {}, with(Select::farthest, 0)).patches[0], 1);
    EXPECT_EQ(score(matches, 4, {}, with(Select::farthest, 0.5)).patches[0], 0.75F);
    EXPECT_EQ(score(matches, 4, {}, with(Select::farthest, 1)).patches[0], 0.46875F);
}

TEST(Score, ReadsTheFirstReferencesOnly) {
    const auto matches = one_patch({0.5F, 0.875F, std::nanf(""), std::nanf("")});
    EXPECT_EQ(score(matches, 1, {}, {}).patches[0], 0.5F);
    EXPECT_EQ(score(matches, 2, {}, {}).patches[0], 0.125F);
}

// N is 3, not 4, without the image itself: floor(0.67 * 3) = 2 distances, 0.125 and 0.5.
TEST(Score, LeavesTheQueryItselfOut) {
    auto matches = one_patch({0.5F, std::nanf(""), 0.875F, 0});
    matches.reference_ids[1] = "query";
    EXPECT_EQ(score(matches, 4, {}, with(Select::closest, 0.67)).patches[0], 0.3125F);
}

TEST(Score, NeverRisesWithAnotherPrompt) {
    const auto matches =
        match_references(quantised_features("query", 3, {4, 4}, 6),
                         quantised_features("reference", 8, {4, 4}, 6), Reduce::nearest);
    for (std::size_t shots = 1; shots < 8; ++shots) {
        const auto fewer = score(matches, shots, {}, {});
        const auto more = score(matches, shots + 1, {}, {});
        for (std::size_t i = 0; i < fewer.patches.size(); ++i) {
            EXPECT_LE(more.patches[i], fewer.patches[i]);
        }
    }
}

TEST(Score, IsZeroForIdenticalImages) {
    auto batch = quantised_features("batch", 1, {5, 5}, 64);
    batch = pick(batch, {0, 0, 0});
    batch.ids = {"a", "b", "c"};
    const auto scores = score(match_batch(batch, 3, Reduce::nearest), 3, {}, {});
    for (const float m : scores.patches) { EXPECT_NEAR(m, 0, 1e-6); }
    for (const float s : scores.images) { EXPECT_NEAR(s, 0, 1e-6); }
}

// Bits, not a tolerance: each pair's similarities and the order of every sum are the same.
TEST(Score, IsPermutedWhenTheImagesAre) {
    const auto batch = quantised_features("batch", 5, {4, 5}, 9);
    const std::vector<std::size_t> order{3, 1, 4, 0, 2};
    const auto options = with(Select::closest, 0.5);
    const auto scores = score(match_batch(batch, 5, Reduce::nearest), 5, {}, options);
    const auto permuted =
        score(match_batch(pick(batch, order), 5, Reduce::nearest), 5, {}, options);
    for (std::size_t i = 0; i < order.size(); ++i) {
        EXPECT_EQ(permuted.images[i], scores.images[order[i]]);
        for (std::size_t patch = 0; patch < 20; ++patch) {
            EXPECT_EQ(permuted.of(i)[patch], scores.of(order[i])[patch]);
        }
    }
}

TEST(Score, ClampsDistancesThatRoundingMadeImpossible) {
    EXPECT_EQ(score(one_patch({1.0000002F}), 1, {}, {}).patches[0], 0);
    EXPECT_EQ(score(one_patch({-1.0000002F}), 1, {}, {}).patches[0], 2);
}

// The mean of Euclidean distances, not the distance of the mean: sqrt(2 * 0.5) and sqrt(2 * 2).
TEST(Score, AveragesEuclideanDistancesIfAsked) {
    auto options = with(Select::closest, 1);
    options.distance = Distance::euclidean;
    EXPECT_EQ(score(one_patch({0.5F, -1}), 2, {}, options).patches[0], 1.5F);
}

TEST(Score, TakesTheLargestPatchForTheImage) {
    EXPECT_EQ(score(one_reference({0.5F, 0, 0.25F, 0.875F}), 1, {}, {}).images[0], 1);
}

TEST(Score, AveragesTheTopPatchesForTheImage) {
    const auto matches = one_reference({0.5F, 0, 0.25F, 0.875F});
    EXPECT_EQ(score(matches, 1, {}, top(0.5)).images[0], 0.875F);
    EXPECT_EQ(score(matches, 1, {}, top(0.74)).images[0], 0.875F);  // floor(2.96) = 2
    EXPECT_EQ(score(matches, 1, {}, top(1)).images[0], 0.59375F);
}

// Patches beyond the first 64 are gathered in a second go.
TEST(Score, KeepsPatchesInTheirPlaces) {
    std::vector<float> similarity(150);
    for (std::size_t i = 0; i < 150; ++i) { similarity[i] = 1 - static_cast<float>(i) / 256; }
    const auto scores = score(one_reference(similarity), 1, {}, {});
    for (std::size_t i = 0; i < 150; ++i) {
        EXPECT_EQ(scores.patches[i], static_cast<float>(i) / 256);
    }
}

// Attention 1..5 becomes 0, .25, .5, .75, 1; the threshold itself is background.
TEST(MaskWeights, AreLowAtOrBelowTheThreshold) {
    const std::vector<float> attention{1, 2, 3, 4, 5};
    EXPECT_EQ(mask_weights(attention, {0.5, 0.25}),
              (std::vector<float>{0.25F, 0.25F, 0.25F, 1, 1}));
}

TEST(MaskWeights, AreOneWhereTheAttentionIsConstant) {
    EXPECT_EQ(mask_weights(std::vector<float>{3, 3, 3}, {0.05, 0.5}),
              (std::vector<float>{1, 1, 1}));
}

TEST(Score, WeightsPatchesBeforeTheImagesScoreIsTaken) {
    const std::vector<float> attention{0, 1, 1, 1};
    const auto scores =
        score(one_reference({0, 0.25F, 0.5F, 0.5F}), 1, attention, masked(0.05, 0.5));
    EXPECT_EQ(scores.patches, (std::vector<float>{0.5F, 0.75F, 0.5F, 0.5F}));
    EXPECT_EQ(scores.images[0], 0.75F);
}

TEST(Score, IgnoresTheAttentionWithoutMasking) {
    const std::vector<float> attention{0, 1, 1, 1};
    EXPECT_EQ(score(one_reference({0, 0.25F, 0.5F, 0.5F}), 1, attention, {}).images[0], 1);
}

TEST(Score, RefusesMaskingWithoutAttention) {
    EXPECT_THROW((void)score(one_reference({0, 1}), 1, {}, masked(0.05, 0.5)), DataError);
}

TEST(Score, RefusesAQueryWithNoReferenceButItself) {
    auto matches = one_patch({std::nanf("")});
    matches.reference_ids[0] = "query";
    EXPECT_THROW((void)score(matches, 1, {}, {}), DataError);
    EXPECT_THROW((void)score(one_patch({0.5F}), 0, {}, {}), DataError);
}

TEST(Score, RefusesMoreReferencesThanWereMatched) {
    EXPECT_THROW((void)score(one_patch({0.5F}), 2, {}, {}), DataError);
}

TEST(Score, NamesThePairWhoseSimilarityIsDamaged) {
    try {
        (void)score(one_patch({0.5F, std::nanf("")}), 2, {}, {});
        FAIL() << "NaN was averaged";
    } catch (const DataError& error) {
        EXPECT_NE(std::string(error.what()).find("'query' and 'reference/1'"), std::string::npos)
            << error.what();
    }
}

/// One query of 2 x 3 patches, whose own are the first two columns.
TEST(Score, OfAnImageComesFromItsOwnPatches) {
    MatchTensor matches{{2, 3}, {"query"}, {"reference"}, {.9F, .8F, .1F, .7F, .6F, .1F}};
    const std::vector<InputShape> shapes{{{32, 32}, {2, 2}, 16}};
    const auto all = score(matches, 1, {}, top(0));
    EXPECT_FLOAT_EQ(all.images[0], .9F);
    const auto own = score(matches, 1, {}, top(0), shapes);
    EXPECT_FLOAT_EQ(own.images[0], .4F);
    EXPECT_EQ(own.patches, all.patches);
    EXPECT_EQ(own.shapes, shapes);
    EXPECT_FLOAT_EQ(score(matches, 1, {}, top(0.5), shapes).images[0], .35F) << "2 of its 4";
}

}  // namespace
}  // namespace patchead
