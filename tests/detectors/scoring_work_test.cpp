#include "patchead/detectors/scoring_work.hpp"

#include <gtest/gtest.h>

#include "patchead/detectors/detector.hpp"

namespace patchead {
namespace {

/// Two layers of 3 x 4 patches and 5 channels.
ScoringWork few_shot_work(ArrayShapes model) {
    return {{{{3, 4}, 5}, {{3, 4}, 5}}, std::move(model), 0};
}

ScoringWork batch_of(std::size_t images) { return {{{{3, 4}, 5}, {{3, 4}, 5}}, {}, images}; }

double flops(const char* name, const ScoringWork& work, const DetectorOptions& options = {}) {
    return make_detector(name, options)->scoring_flops(work);
}

constexpr double kPatches = 12;
constexpr double kImage = 12 * 5;

TEST(ScoringWork, SearchesOfAMemoryAreAProductAndASumForEachPatchAndValue) {
    const double memory = 7 * 5;
    EXPECT_EQ(flops("anomalydino", few_shot_work({{"memory", {7, 5}}})), 2 * kPatches * memory);
    EXPECT_EQ(flops("aprilgan", few_shot_work({{"memory.0", {7, 5}}, {"memory.1", {7, 5}}})),
              2 * (2 * kPatches * memory));
    EXPECT_EQ(flops("superadd", few_shot_work({{"memory.0", {7, 5}},
                                               {"memory.1", {7, 5}},
                                               {"kept.0", {7}},
                                               {"kept.1", {7}},
                                               {"threshold", {1}}})),
              2 * (2 * kPatches * memory));
    EXPECT_EQ(flops("visionad", few_shot_work({{"supports", {7, 5}}})),
              2 * kImage + 2 * kPatches * memory);
    EXPECT_EQ(flops("patchcore", few_shot_work({{"memory", {7, 5}}, {"coreset_indices", {7}}}),
                    {{"patchsize", "3"}}),
              9 * 2 * kImage + 2 * kPatches * memory);
}

TEST(ScoringWork, PlacesMeetTheirOwnModelOrTheirNeighbours) {
    EXPECT_EQ(flops("padim", few_shot_work({{"channels", {4}},
                                            {"mean", {12, 4}},
                                            {"basis", {12, 2, 4}},
                                            {"whitening", {12, 2, 2}}})),
              3 * 48 + 4 * 96 + 2 * 48);
    // Of 3 x 4 places (3 + 2 * 2) * (4 + 2 * 3) pairs are at most a row and a column apart.
    const ArrayShapes banks{{"bank.0", {2, 12, 5}}, {"bank.1", {2, 12, 5}}, {"bank.image", {2, 6}}};
    const double vectors = 2 * 12;
    EXPECT_EQ(flops("rad", few_shot_work(banks)), vectors + 2 * (2 * 2 * (7 * 10) * 5));
    EXPECT_EQ(flops("rad", few_shot_work(banks), {{"pos_radius", "any"}}),
              vectors + 2 * (2 * 2 * (12 * 12) * 5));
    EXPECT_EQ(flops("rad", few_shot_work(banks), {{"k_image", "1"}, {"pos_radius", "0"}}),
              vectors + 2 * (2 * 12 * 5));
}

TEST(ScoringWork, RetrievedReferencesAloneAreSearched) {
    const auto work =
        few_shot_work({{"pooled", {4, 6}}, {"features.0", {4, 12, 5}}, {"features.1", {4, 12, 5}}});
    const double layer = 2 * kPatches * 12 * 5;
    EXPECT_EQ(flops("spade", work, {{"top_k", "2"}}), 3 * 24 + 2 * 2 * layer);
    EXPECT_EQ(flops("spade", work, {{"top_k", "9"}}), 3 * 24 + 4 * 2 * layer);
}

TEST(ScoringWork, SubspacesAreTwoProducts) {
    const auto model = few_shot_work({{"mean", {5}}, {"components", {5, 2}}, {"eigenvalues", {2}}});
    const double there = 2 * kPatches * 10;
    EXPECT_EQ(flops("subspacead", model), 2 * kImage + 2 * there);
    EXPECT_EQ(flops("subspacead", model, {{"score", "mahalanobis"}}), 2 * kImage + there);
    EXPECT_EQ(flops("subspacead", batch_of(4)), 2 * kImage + 3 * (2 * kPatches * 25));
    EXPECT_EQ(flops("fastrecon", few_shot_work({{"coreset", {3, 10}}, {"mu", {12, 10}}})),
              9 * 2 * kImage + 2 * (2 * kPatches * 30) + 4 * 120);
}

// Of n images each meets n - 1 others; a product of two patches serves both.
TEST(ScoringWork, ImagesOfABatchMeetEachOther) {
    EXPECT_EQ(flops("anomalydino", batch_of(4)), 2 * (2 * kPatches * 3 * kImage));
    EXPECT_EQ(flops("musc", batch_of(4), {{"r_list", "1"}}), 2 * (kImage + 3 * 144 * 5));
    EXPECT_EQ(flops("musc", batch_of(4), {{"r_list", "1,3"}}),
              2 * (kImage + 9 * kImage + 3 * 144 * (5 + 3)));
    EXPECT_EQ(flops("musc2", batch_of(4), {{"r_list", "3"}}), 2 * (5 * 9 * kImage + 3 * 144 * 5));
}

}  // namespace
}  // namespace patchead
