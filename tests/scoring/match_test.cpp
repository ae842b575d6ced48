#include "patchead/scoring/match.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "features.hpp"
#include "same_bits.hpp"

namespace patchead {
namespace {

constexpr Grid kOddGrid{5, 7};  // 35 patches: no multiple of any vector's width.

double cosine(std::span<const float> a, std::span<const float> b) {
    double product = 0;
    double a2 = 0;
    double b2 = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += static_cast<double>(a[i]) * b[i];
        a2 += static_cast<double>(a[i]) * a[i];
        b2 += static_cast<double>(b[i]) * b[i];
    }
    return a2 == 0 || b2 == 0 ? 0 : product / std::sqrt(a2 * b2);
}

/// The definition, one cosine at a time.
double extreme_cosine(const FeatureBlock& query, std::size_t q, std::size_t patch,
                      const FeatureBlock& reference, std::size_t r, Reduce reduce) {
    const auto dim = static_cast<std::size_t>(query.dim);
    const auto own = query.embedding(q).subspan(patch * dim, dim);
    std::vector<double> cosines;
    for (std::size_t k = 0; k * dim < reference.embedding(r).size(); ++k) {
        cosines.push_back(cosine(own, reference.embedding(r).subspan(k * dim, dim)));
    }
    return reduce == Reduce::nearest ? std::ranges::max(cosines) : std::ranges::min(cosines);
}

void expect_definition(const MatchTensor& matches, const FeatureBlock& queries,
                       const FeatureBlock& references, Reduce reduce) {
    for (std::size_t q = 0; q < matches.query_ids.size(); ++q) {
        for (std::size_t r = 0; r < matches.reference_ids.size(); ++r) {
            if (matches.query_ids[q] == matches.reference_ids[r]) { continue; }
            const auto row = matches.row(q, r);
            for (std::size_t patch = 0; patch < row.size(); ++patch) {
                // float32 products of unit vectors: the project's tolerance for u.
                ASSERT_NEAR(row[patch], extreme_cosine(queries, q, patch, references, r, reduce),
                            2e-6)
                    << "query " << q << ", reference " << r << ", patch " << patch;
            }
        }
    }
}

class BothReductions : public testing::TestWithParam<Reduce> {};
INSTANTIATE_TEST_SUITE_P(, BothReductions, testing::Values(Reduce::nearest, Reduce::farthest),
                         [](const auto& reduction) {
                             return reduction.param == Reduce::nearest ? "Nearest" : "Farthest";
                         });

TEST_P(BothReductions, OfReferencesAreTheExtremeCosines) {
    const auto queries = quantised_features("query", 3, kOddGrid, 11);
    const auto references = quantised_features("reference", 2, kOddGrid, 11);
    const auto matches = match_references(queries, references, GetParam());
    EXPECT_EQ(matches.query_ids, queries.ids);
    EXPECT_EQ(matches.reference_ids, references.ids);
    EXPECT_EQ(matches.grid, kOddGrid);
    expect_definition(matches, queries, references, GetParam());
}

TEST_P(BothReductions, OfABatchAreTheExtremeCosines) {
    const auto batch = quantised_features("batch", 4, kOddGrid, 11);
    expect_definition(match_batch(batch, 4, GetParam()), batch, batch, GetParam());
}

// 23 x 23 = 529 patches: two tiles a side, of 265 and 264.
TEST_P(BothReductions, AreTakenOverAllTilesOfALargeImage) {
    const auto batch = quantised_features("large", 2, {23, 23}, 3);
    expect_definition(match_batch(batch, 2, GetParam()), batch, batch, GetParam());
}

TEST_P(BothReductions, HaveTheSameBitsFromABatchAndFromReferences) {
    const auto batch = quantised_features("batch", 5, kOddGrid, 19);
    expect_same_bits(match_batch(batch, 5, GetParam()).similarity,
                     match_references(batch, batch, GetParam()).similarity);
}

TEST(MatchBatch, GivesTheOwnedImagesTheRowsThatTheWholeBatchGives) {
    const auto batch = quantised_features("batch", 5, kOddGrid, 19);
    const auto whole = match_batch(batch, 5, Reduce::nearest);
    const auto part = match_batch(batch, 2, Reduce::nearest);
    EXPECT_EQ(part.query_ids, (std::vector<std::string>{"batch/0", "batch/1"}));
    EXPECT_EQ(part.reference_ids.size(), 5U);
    expect_same_bits(part.similarity, std::span(whole.similarity).first(part.similarity.size()));
}

TEST(MatchBatch, GivesAPairTheSameBitsWhateverItsPlacesAndCompany) {
    const auto batch = quantised_features("batch", 6, kOddGrid, 19);
    const auto matches = match_batch(batch, 6, Reduce::nearest);
    const auto other = match_batch(pick(batch, {4, 0, 1}), 3, Reduce::nearest);
    expect_same_bits(other.row(0, 2), matches.row(4, 1));
    expect_same_bits(other.row(2, 0), matches.row(1, 4));
    expect_same_bits(other.row(1, 2), matches.row(0, 1));
}

TEST(MatchBatch, GivesTheSameBitsForAnyNumberOfThreads) {
    const auto batch = quantised_features("batch", 5, {20, 20}, 771);
    const auto threads = omp_get_max_threads();
    omp_set_num_threads(1);
    const auto one = match_batch(batch, 5, Reduce::nearest);
    omp_set_num_threads(3);
    const auto three = match_batch(batch, 5, Reduce::nearest);
    omp_set_num_threads(threads);
    expect_same_bits(one.similarity, three.similarity);
}

TEST(MatchBatch, MultipliesEachUnorderedPairOnce) {
    const auto batch = quantised_features("batch", 6, {2, 2}, 3);
    const auto before = matrix_products_done();
    (void)match_batch(batch, 6, Reduce::nearest);
    EXPECT_EQ(matrix_products_done() - before, 15U);
}

TEST(MatchBatch, MultipliesOnlyPairsWithAnOwnedImage) {
    const auto batch = quantised_features("batch", 6, {2, 2}, 3);
    const auto before = matrix_products_done();
    (void)match_batch(batch, 2, Reduce::nearest);
    EXPECT_EQ(matrix_products_done() - before, 5U + 4U);
}

TEST(MatchBatch, LeavesAnImageAndItselfNaN) {
    const auto matches = match_batch(quantised_features("batch", 3, {2, 2}, 3), 3, Reduce::nearest);
    for (std::size_t q = 0; q < 3; ++q) {
        for (std::size_t r = 0; r < 3; ++r) {
            for (const float s : matches.row(q, r)) { EXPECT_EQ(std::isnan(s), q == r); }
        }
    }
}

TEST(MatchReferences, LeavesImagesOfOneIdNaN) {
    const auto images = quantised_features("image", 3, {2, 2}, 3);
    const auto matches = match_references(images, pick(images, {1}), Reduce::nearest);
    EXPECT_FALSE(std::isnan(matches.row(0, 0)[0]));
    EXPECT_TRUE(std::isnan(matches.row(1, 0)[0]));
}

TEST(MatchReferences, FindsTheCopyOfAnImageAtCosineOne) {
    const auto image = quantised_features("image", 1, kOddGrid, 64);
    auto copy = image;
    copy.ids = {"copy"};
    const auto matches = match_references(image, copy, Reduce::nearest);
    for (const float s : matches.similarity) { EXPECT_NEAR(s, 1, 1e-6); }
}

TEST(MatchReferences, DoesNotDependOnTheOrderOfTheReferencesPatches) {
    const auto query = quantised_features("query", 1, kOddGrid, 19);
    const auto reference = quantised_features("reference", 1, kOddGrid, 19);
    auto reversed = reference;
    for (std::size_t i = 0; i < 35; ++i) {
        std::ranges::copy(reference.embedding(0).subspan((34 - i) * 19, 19),
                          reversed.embeddings.begin() + static_cast<std::ptrdiff_t>(i * 19));
    }
    const auto expected = match_references(query, reference, Reduce::nearest);
    const auto actual = match_references(query, reversed, Reduce::nearest);
    expect_same_bits(actual.similarity, expected.similarity);
}

// 1e20 squared is beyond float32: the norm must be summed in double.
TEST(MatchReferences, DoesNotDependOnTheLengthOfAVector) {
    const auto query = quantised_features("query", 1, kOddGrid, 19);
    const auto reference = quantised_features("reference", 1, kOddGrid, 19);
    auto scaled = reference;
    for (auto& x : scaled.embeddings) { x *= 1e20F; }
    const auto expected = match_references(query, reference, Reduce::nearest);
    const auto actual = match_references(query, scaled, Reduce::nearest);
    for (std::size_t i = 0; i < 35; ++i) {
        EXPECT_NEAR(actual.similarity[i], expected.similarity[i], 1e-6);
    }
}

TEST(MatchReferences, LeavesAZeroVectorAtCosineZero) {
    auto query = quantised_features("query", 1, {1, 2}, 4);
    std::fill_n(query.embeddings.begin(), 4, 0.0F);
    const auto matches =
        match_references(query, quantised_features("reference", 1, {1, 2}, 4), Reduce::nearest);
    EXPECT_EQ(matches.similarity[0], 0.0F);
    EXPECT_NE(matches.similarity[1], 0.0F);
}

TEST(MatchReferences, GivesAnEmptyTensorWithoutQueries) {
    const auto matches =
        match_references(quantised_features("query", 0, {2, 2}, 3),
                         quantised_features("reference", 2, {2, 2}, 3), Reduce::nearest);
    EXPECT_TRUE(matches.similarity.empty());
}

TEST(MatchReferences, RefusesFeaturesOfAnotherKind) {
    const auto queries = quantised_features("query", 1, {2, 3}, 4);
    EXPECT_THROW(
        (void)match_references(queries, quantised_features("r", 1, {2, 3}, 5), Reduce::nearest),
        DataError);
    EXPECT_THROW(
        (void)match_references(queries, quantised_features("r", 1, {3, 2}, 4), Reduce::nearest),
        DataError);
}

TEST(MatchBatch, NamesTheImageWhoseFeaturesAreNotFinite) {
    for (const float bad :
         {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        auto batch = quantised_features("batch", 3, kOddGrid, 4);
        batch.embeddings[35 * 4 + 9] = bad;
        try {
            (void)match_batch(batch, 3, Reduce::nearest);
            FAIL() << "features of " << bad << " were taken";
        } catch (const DataError& error) {
            EXPECT_NE(std::string(error.what()).find("'batch/1'"), std::string::npos)
                << error.what();
        }
    }
}

}  // namespace
}  // namespace patchead
