#include "detectors/parts/nearest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "patchead/core/random.hpp"

namespace patchead {
namespace {

/// Whole numbers, so that distances are exact and often equal.
at::Tensor whole_rows(std::int64_t rows, std::int64_t dim, std::uint64_t span, Random& random,
                      double shift = 0) {
    auto values = at::empty({rows, dim}, at::kFloat);
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        values.data_ptr<float>()[i] =
            static_cast<float>(static_cast<double>(random.below(span)) + shift);
    }
    return values;
}

at::Tensor normal_rows(std::int64_t rows, std::int64_t dim, Random& random) {
    auto values = at::empty({rows, dim}, at::kFloat);
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        values.data_ptr<float>()[i] = static_cast<float>(random.normal());
    }
    return values;
}

/// All distances in double, sorted with their rows.
std::vector<std::pair<double, std::int64_t>> sorted_rows(const at::Tensor& query,
                                                         const at::Tensor& memory) {
    const auto apart =
        (memory.to(at::kDouble) - query.to(at::kDouble)).square().sum(1).contiguous();
    std::vector<std::pair<double, std::int64_t>> all;
    for (std::int64_t row = 0; row < memory.size(0); ++row) {
        all.emplace_back(apart.data_ptr<double>()[row], row);
    }
    std::ranges::sort(all);
    return all;
}

void expect_nearest(const at::Tensor& queries, const at::Tensor& memory, std::int64_t k) {
    const auto found = nearest(queries, memory, k);
    for (std::int64_t q = 0; q < queries.size(0); ++q) {
        const auto all = sorted_rows(queries[q], memory);
        for (std::int64_t i = 0; i < k; ++i) {
            const auto& [distance, row] = all[static_cast<std::size_t>(i)];
            EXPECT_EQ(found.rows[q][i].item<std::int64_t>(), row) << q << " " << i;
            EXPECT_NEAR(found.squared[q][i].item<double>(), distance, 1e-12 * (1 + distance));
        }
    }
}

TEST(Nearest, TakesTheLowestOfEqualRows) {
    Random random("nearest", 1);
    const auto memory = whole_rows(2500, 3, 6, random);
    expect_nearest(whole_rows(20, 3, 6, random), memory, 4);
}

TEST(Nearest, IsThatOfASearchInDouble) {
    Random random("nearest", 2);
    const auto memory = normal_rows(1500, 37, random);
    expect_nearest(normal_rows(10, 37, random), memory, 3);
    expect_nearest(normal_rows(10, 37, random).to(at::kDouble) / 3, memory, 1);
}

TEST(Nearest, KeepsSmallDistancesOfLargeRows) {
    Random random("nearest", 3);
    const auto memory = whole_rows(1200, 8, 5, random, 1e6);
    expect_nearest(whole_rows(10, 8, 5, random, 1e6), memory, 2);
}

TEST(Nearest, DoesNotMindARowFarFromAllOthers) {
    Random random("nearest", 4);
    auto memory = normal_rows(1300, 16, random);
    memory[1299] *= 1e6;
    expect_nearest(normal_rows(10, 16, random), memory, 2);
}

TEST(Nearest, FindsItsWayAmongThousandsOfEqualRows) {
    const auto memory = at::ones({9000, 4}, at::kFloat);
    const auto found = nearest(at::zeros({3, 4}, at::kFloat), memory, 2);
    EXPECT_TRUE(found.squared.eq(4).all().item<bool>());
    EXPECT_EQ(found.rows[2][0].item<std::int64_t>(), 0);
    EXPECT_EQ(found.rows[2][1].item<std::int64_t>(), 1);
}

TEST(Nearest, OfAQueryAreTheSameBitsInAnyCompany) {
    Random random("nearest", 5);
    const auto memory = normal_rows(1100, 24, random);
    const auto queries = normal_rows(1030, 24, random);  // More than are taken at once.
    const auto together = nearest(queries, memory, 2);
    for (const std::int64_t q : {0, 517, 1023, 1024, 1029}) {
        const auto alone = nearest(queries.narrow(0, q, 1), memory, 2);
        EXPECT_TRUE(at::equal(alone.squared[0], together.squared[q])) << q;
        EXPECT_TRUE(at::equal(alone.rows[0], together.rows[q])) << q;
    }
}

}  // namespace
}  // namespace patchead
