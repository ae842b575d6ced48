/// \file
/// \brief Counts at and between bounds, against counting one by one.

#include "bound_counter.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <omp.h>

#include "float_key.hpp"
#include "patchead/core/random.hpp"

namespace patchead {
namespace {

using Floats = std::vector<float>;

std::vector<std::uint32_t> keys_by_descent(const Floats& scores) {
    std::vector<std::uint32_t> keys;
    keys.reserve(scores.size());
    for (const float score : scores) { keys.push_back(descending_key(score)); }
    std::ranges::sort(keys);
    return keys;
}

std::vector<std::uint32_t> bounds_at(const Floats& scores) {
    auto keys = keys_by_descent(scores);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

void expect_counts(const BoundCounter::Counts& counts, const std::vector<std::uint32_t>& bounds,
                   const Floats& scores) {
    const auto keys = keys_by_descent(scores);
    ASSERT_EQ(counts.below.size(), bounds.size());
    EXPECT_EQ(counts.all, static_cast<std::int64_t>(scores.size()));
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const auto [first, last] = std::ranges::equal_range(keys, bounds[i]);
        ASSERT_EQ(counts.below[i], first - keys.begin()) << "bound " << i;
        ASSERT_EQ(counts.equal[i], last - first) << "bound " << i;
    }
}

/// Counts `scores` in pieces of `piece`, on one thread and on three.
void check(const Floats& bounds, const Floats& scores, std::size_t piece, int threads = 0) {
    if (threads == 0) {
        check(bounds, scores, piece, 3);
        check(bounds, scores, piece, 1);
        return;
    }
    const auto before = omp_get_max_threads();
    omp_set_num_threads(threads);
    const auto keys = bounds_at(bounds);
    BoundCounter counter(keys);
    for (std::size_t at = 0; at < scores.size(); at += piece) {
        counter.add(std::span(scores).subspan(at, std::min(piece, scores.size() - at)));
    }
    expect_counts(counter.take(), keys, scores);
    omp_set_num_threads(before);
}

/// Scores in [low, high), on a lattice of `steps` so that many are equal.
Floats scores_in(float low, float high, std::size_t count, std::uint64_t seed,
                 std::uint64_t steps) {
    Random random("bound counter", seed);
    Floats scores;
    scores.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto step = static_cast<float>(random.below(steps)) / static_cast<float>(steps);
        scores.push_back(low + (high - low) * step);
    }
    return scores;
}

TEST(BoundCounter, CountsAtAndBetweenBounds) {
    const auto bounds = scores_in(0.3F, 1.4F, 2000, 1, 1U << 20);
    check(bounds, scores_in(0, 1, 100'000, 2, 1U << 20), 100'000);
    check(bounds, scores_in(0, 1, 100'000, 2, 1U << 20), 7);
}

TEST(BoundCounter, CountsBetweenMoreBoundsThanTheCacheHolds) {
    const auto bounds = scores_in(0, 1, 400'000, 3, 1U << 22);
    check(bounds, scores_in(-0.5F, 1.5F, 3'000'000, 4, 1U << 22), 200'704);
}

TEST(BoundCounter, HasNoTroubleWithHeapsOfBounds) {
    auto bounds = scores_in(0.5F, 0.5001F, 50'000, 5, 1U << 12);  // Neighbouring floats.
    bounds.insert(bounds.end(), {1e-38F, -1e30F, 3e38F});         // Nearly all keys there are.
    auto scores = scores_in(0.4999F, 0.5002F, 300'000, 6, 1U << 12);
    scores.insert(scores.end(), {0, 1e-39F, -1e30F, -2e30F, 3e38F, 3.1e38F});
    check(bounds, scores, scores.size());
}

TEST(BoundCounter, KnowsTheEndsOfTheLine) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const Floats scores{-kInfinity, -1, -0.0F, 0.0F, 1, kInfinity};
    check({}, scores, 2);
    check({0}, scores, 2);
    check({-0.0F}, scores, 2);
    check({kInfinity}, scores, 2);
    check({-kInfinity, kInfinity}, scores, 6);
    check({1, 2}, {}, 1);
}

TEST(BoundCounter, BeginsAnewAfterTelling) {
    const auto bounds = bounds_at({1, 2, 3});
    BoundCounter counter(bounds);
    const Floats first{0, 1, 2.5F};
    const Floats second{3, 3, 4};
    counter.add(first);
    expect_counts(counter.take(), bounds, first);
    counter.add(second);
    expect_counts(counter.take(), bounds, second);
    expect_counts(counter.take(), bounds, {});
}

}  // namespace
}  // namespace patchead
