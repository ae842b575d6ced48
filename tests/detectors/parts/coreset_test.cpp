#include "detectors/parts/coreset.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "patchead/core/random.hpp"

namespace patchead {
namespace {

using Rows = std::vector<std::int64_t>;

at::Tensor points_on_a_line(const std::vector<float>& places) {
    return at::tensor(places).view({-1, 1});
}

at::Tensor whole_points(std::int64_t rows, std::int64_t dim, std::uint64_t span) {
    Random random("coreset", span);
    auto values = at::empty({rows, dim}, at::kFloat);
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        values.data_ptr<float>()[i] = static_cast<float>(random.below(span));
    }
    return values;
}

/// The plain loop: all distances after each choice.
Rows plain_coreset(const at::Tensor& rows, std::int64_t start, std::size_t count) {
    const auto wide = rows.to(at::kDouble);
    Rows chosen{start};
    auto near = at::full({rows.size(0)}, std::numeric_limits<double>::infinity(), at::kDouble);
    while (chosen.size() < count) {
        near = at::minimum(near, (wide - wide[chosen.back()]).square().sum(1));
        const auto* const begin = near.data_ptr<double>();
        chosen.push_back(std::max_element(begin, begin + near.numel()) - begin);
    }
    return chosen;
}

TEST(Coreset, GrowsByTheFarthest) {
    const auto line = points_on_a_line({0, 1, 2, 10});
    EXPECT_EQ(coreset_from(line, 0, 4), (Rows{0, 3, 2, 1}));
    EXPECT_EQ(coreset_from(line, 0, 2), (Rows{0, 3}));
}

TEST(Coreset, AroundStartsDoesNotHoldThem) {
    // From the start: 0 1 2 10; then 10 is a member, then 2, of which 1 is 1 away as of the start.
    EXPECT_EQ(coreset_around(points_on_a_line({0, 1, 2, 10}), Rows{0}, 3), (Rows{3, 2, 1}));
    // Means of the distances to 0 and 10: 5 5 5 5, so the lowest row comes first.
    EXPECT_EQ(coreset_around(points_on_a_line({0, 1, 2, 10}), Rows{0, 3}, 1), (Rows{0}));
}

TEST(Coreset, EndsWhereNoRowIsApart) {
    EXPECT_EQ(coreset_from(points_on_a_line({4, 4, 7, 4}), 1, 4), (Rows{1, 2}));
    EXPECT_EQ(coreset_around(at::ones({6, 3}), Rows{2}, 3), Rows{});
}

/// After a few choices one row of a group is beyond all others; it must not be the last.
TEST(Coreset, OfClustersHasAsManyRowsAsAreAskedFor) {
    const auto centres = 8 * at::sin(at::arange(40 * 16, at::kFloat)).view({40, 16});
    const auto noise = at::sin(7 * at::arange(4000 * 16, at::kFloat)).view({4000, 16});
    const auto rows = centres.repeat({100, 1}) + noise;
    EXPECT_EQ(coreset_from(rows, 0, 300).size(), 300U);
}

TEST(Coreset, IsThatOfThePlainLoop) {
    // More rows than are looked at together; in the grid many distances are equal.
    for (const auto& [dim, span] : {std::pair<std::int64_t, std::uint64_t>{3, 20}, {9, 1000}}) {
        const auto rows = whole_points(4000, dim, span);
        EXPECT_EQ(coreset_from(rows, 17, 400), plain_coreset(rows, 17, 400)) << dim;
    }
}

TEST(Coreset, ProjectsRows) {
    const auto rows = whole_points(70, 5, 9);
    const auto matrix = whole_points(3, 5, 7);
    EXPECT_TRUE(at::equal(projected(rows, matrix), rows.matmul(matrix.t())));
}

TEST(Coreset, CountsAShareAsPythonDoes) {
    EXPECT_EQ(share_of(189, 0.1), 18);
    EXPECT_EQ(share_of(72, 0.25), 18);
    EXPECT_EQ(share_of(5, 0.1), 1);  // A memory of none is no use.
}

}  // namespace
}  // namespace patchead
