#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/scoring/match.hpp"
#include "same_bits.hpp"
#include "scoring/brain_float.hpp"
#include "scoring/device_match.hpp"
#include "scoring/normalise.hpp"
#include "scoring/similarity.hpp"

/// Screening must not change a bit: what it leaves is compared with every similarity there is.

namespace patchead {
namespace {

constexpr Grid kTwoTiles{23, 23};  // 529 patches: more than one tile a side.

/// Images whose patches `fill` writes, one at a time.
FeatureBlock filled(std::size_t images, Grid grid, int dim,
                    const std::function<void(std::span<float>)>& fill) {
    FeatureBlock block{grid, dim, {}, {}, {}};
    const auto size = static_cast<std::size_t>(dim);
    for (std::size_t i = 0; i < images; ++i) { block.ids.push_back(concat("image/", i)); }
    block.embeddings.resize(images * static_cast<std::size_t>(grid.size()) * size);
    for (std::size_t at = 0; at < block.embeddings.size(); at += size) {
        fill(std::span(block.embeddings).subspan(at, size));
    }
    return block;
}

FeatureBlock random_features(int dim) {
    Random random("screening", 1);
    return filled(3, kTwoTiles, dim, [&](std::span<float> patch) {
        for (float& x : patch) { x = static_cast<float>(random.normal()); }
    });
}

/// Patches within `spread` of some centres: the fewer and closer, the more candidates.
FeatureBlock clustered_features(std::uint64_t clusters, double spread) {
    Random random("screening", 2);
    const auto centres = random_features(64);
    return filled(3, kTwoTiles, 64, [&](std::span<float> patch) {
        const auto centre = std::span(centres.embeddings).subspan(64 * random.below(clusters), 64);
        for (std::size_t k = 0; k < patch.size(); ++k) {
            patch[k] = centre[k] + static_cast<float>(spread * random.normal());
        }
    });
}

/// Lengths and channels of all magnitudes, zeros and values between two of bf16.
FeatureBlock extreme_features() {
    Random random("screening", 3);
    return filled(3, kTwoTiles, 37, [&](std::span<float> patch) {
        const auto length = std::ldexp(1.0, static_cast<int>(random.below(200)) - 100);
        for (float& x : patch) {
            const auto magnitude = std::ldexp(length, -static_cast<int>(random.below(60)));
            const double between = 1 + 1.0 / 256 + static_cast<double>(random.below(128)) / 128;
            x = static_cast<float>((random.below(2) == 0 ? -1 : 1) * magnitude * between);
        }
        if (random.below(20) == 0) { std::ranges::fill(patch, 0.0F); }
    });
}

/// Each patch at least twice in each image, and images that are equal.
FeatureBlock duplicated_features() {
    auto block = random_features(64);
    const auto image = block.embeddings.size() / 3;
    std::copy_n(block.embeddings.begin(), image / 2,
                block.embeddings.begin() + static_cast<std::ptrdiff_t>(image - image / 2));
    std::copy_n(block.embeddings.begin(), image,
                block.embeddings.begin() + static_cast<std::ptrdiff_t>(image));
    return block;
}

/// The extreme of all similarities of a patch of image `q` to image `r`.
float extreme(const FeatureBlock& unit, std::size_t q, std::size_t patch, std::size_t r,
              Reduce reduce) {
    const auto dim = static_cast<std::size_t>(unit.dim);
    const auto own = unit.embedding(q).subspan(patch * dim, dim);
    std::vector<float> all;
    for (std::size_t k = 0; k < static_cast<std::size_t>(unit.grid.size()); ++k) {
        all.push_back(static_cast<float>(similarity(own, unit.embedding(r).subspan(k * dim, dim))));
    }
    return reduce == Reduce::nearest ? std::ranges::max(all) : std::ranges::min(all);
}

MatchTensor all_similarities(FeatureBlock block, Reduce reduce) {
    normalise(block);
    MatchTensor all{block.grid, block.ids, block.ids, {}, {}, {}};
    for (std::size_t q = 0; q < block.images(); ++q) {
        for (std::size_t r = 0; r < block.images(); ++r) {
            for (std::size_t p = 0; p < static_cast<std::size_t>(block.grid.size()); ++p) {
                all.similarity.push_back(q == r ? std::numeric_limits<float>::quiet_NaN()
                                                : extreme(block, q, p, r, reduce));
            }
        }
    }
    return all;
}

void expect_equal(std::span<const float> a, std::span<const float> b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))
            << i << ": " << a[i] << ", " << b[i];
    }
}

struct Case {
    std::string name;
    FeatureBlock (*features)();
};

class Screenings : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(
    , Screenings,
    testing::Values(Case{"Random", [] { return random_features(64); }},
                    Case{"FewChannels", [] { return random_features(3); }},
                    Case{"Clustered", [] { return clustered_features(64, 0.05); }},
                    Case{"TightlyClustered", [] { return clustered_features(4, 1e-4); }},
                    Case{"Duplicated", [] { return duplicated_features(); }},
                    Case{"Extreme", [] { return extreme_features(); }}),
    [](const auto& one) { return one.param.name; });

TEST_P(Screenings, LeaveTheExtremeOfAllSimilarities) {
    const auto block = GetParam().features();
    for (const auto reduce : {Reduce::nearest, Reduce::farthest}) {
        const auto matches = match_batch(block, 3, reduce, {Screening::fp32, "cpu"}).similarity;
        expect_equal(matches, all_similarities(block, reduce).similarity);
        for (const auto screening : {Screening::fp32, Screening::bf16}) {
            const MatchEngine engine{screening, "cpu"};
            expect_same_bits(match_batch(block, 3, reduce, engine).similarity, matches);
            expect_same_bits(match_references(block, block, reduce, engine).similarity, matches);
        }
    }
}

/// As match_batch does it (each pair once) or match_references, but with what runs on GPUs; on a
/// CPU here.
std::vector<float> matched_on_device(FeatureBlock block, Reduce reduce, bool each_pair_once,
                                     std::int64_t products) {
    normalise(block);
    const auto patches = static_cast<std::size_t>(block.grid.size());
    const auto images = block.images();
    std::vector<float> result(images * images * patches, std::numeric_limits<float>::quiet_NaN());
    const auto row = [&](std::size_t i, std::size_t j) {
        return std::span(result).subspan((i * images + j) * patches, patches);
    };
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < images; ++i) {
        for (std::size_t j = each_pair_once ? i + 1 : 0; j < images; ++j) {
            if (i == j) { continue; }
            pairs.push_back({block.embedding(i), block.embedding(j), row(i, j),
                             each_pair_once ? row(j, i) : std::span<float>()});
        }
    }
    EXPECT_TRUE(match_on_device(pairs, patches, static_cast<std::size_t>(block.dim), reduce,
                                {"cpu", products}));
    return result;
}

TEST_P(Screenings, HaveTheSameBitsOnADevice) {
    const auto block = GetParam().features();
    for (const auto reduce : {Reduce::nearest, Reduce::farthest}) {
        const auto matches = match_batch(block, 3, reduce).similarity;
        const std::int64_t of_pair = std::int64_t{block.grid.size()} * block.grid.size();
        for (const auto products : {std::int64_t{1}, 2 * of_pair + 1, DeviceTiles().products}) {
            expect_same_bits(matched_on_device(block, reduce, true, products), matches);
            expect_same_bits(matched_on_device(block, reduce, false, products), matches);
        }
    }
}

TEST(RoundToBrainFloat, RoundsToNearestAndTiesToEven) {
    const std::vector<float> values{1, 1 + 1.0F / 256, 1 + 3.0F / 256, 1 + 1.1F / 256, -3.14159F};
    std::vector<BrainFloat> rounded(values.size());
    std::vector<float> back(values.size());
    const double squares = round_to_brain_float(values, rounded);
    to_float(rounded, 1, back);
    EXPECT_EQ(back, (std::vector<float>{1, 1, 1 + 4.0F / 256, 1 + 2.0F / 256, -3.140625F}));
    double expected = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        expected += std::pow(double{values[i]} - double{back[i]}, 2);
    }
    EXPECT_NEAR(squares, expected, 1e-6 * expected);
}

}  // namespace
}  // namespace patchead
