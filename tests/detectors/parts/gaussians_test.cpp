#include "detectors/parts/gaussians.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "patchead/core/random.hpp"

namespace patchead {
namespace {

constexpr double kRegulariser = 0.01;

at::Tensor normal_values(std::vector<std::int64_t> shape, std::uint64_t seed) {
    Random random("gaussians", seed);
    auto values = at::empty(shape, at::kFloat);
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        values.data_ptr<float>()[i] = static_cast<float>(random.normal());
    }
    return values;
}

/// By the matrix [d, d] itself, at one position.
double distance_by_inverse(const at::Tensor& references, const at::Tensor& query) {
    const auto wide = references.to(at::kDouble);
    const auto mean = wide.mean(0);
    const auto apart = wide - mean;
    const auto covariance = apart.t().matmul(apart) / static_cast<double>(wide.size(0) - 1) +
                            kRegulariser * at::eye(wide.size(1), at::kDouble);
    const auto t = query.to(at::kDouble) - mean;
    return std::sqrt(t.dot(at::linalg_inv(covariance).matmul(t)).item<double>());
}

void expect_as_by_inverse(std::int64_t count, std::int64_t dim) {
    const auto references = normal_values({count, 3, dim}, 1);
    const auto queries = normal_values({2, 3, dim}, 2);
    const auto found = mahalanobis(fit_gaussians(references, kRegulariser), queries);
    for (std::int64_t q = 0; q < 2; ++q) {
        for (std::int64_t p = 0; p < 3; ++p) {
            const double expected = distance_by_inverse(references.select(1, p), queries[q][p]);
            EXPECT_NEAR(found[q][p].item<double>(), expected, 2e-5 * expected) << count;
        }
    }
}

TEST(Gaussians, AreThoseOfTheWholeMatrix) {
    expect_as_by_inverse(2, 7);
    expect_as_by_inverse(5, 7);
    expect_as_by_inverse(8, 7);   // As many as span everything.
    expect_as_by_inverse(40, 7);  // More.
}

TEST(Gaussians, OfOneReferenceHaveItsVarianceInEveryEntry) {
    // Of (1, 3): mean 2, variance 2. Covariance [[2.01, 2], [2, 2.01]], determinant 0.0401.
    const auto reference = at::tensor({1.0F, 3.0F}).view({1, 1, 2});
    const auto fitted = fit_gaussians(reference, kRegulariser);
    const auto covariance = covariances(fitted)[0];
    EXPECT_NEAR(covariance[0][0].item<double>(), 2.01, 1e-5);
    EXPECT_NEAR(covariance[0][1].item<double>(), 2, 1e-5);
    const auto query = at::tensor({2.0F, 3.0F}).view({1, 1, 2});
    EXPECT_NEAR(mahalanobis(fitted, query).item<double>(), std::sqrt(2.01 / 0.0401), 1e-4);
}

TEST(Gaussians, OfEqualReferencesAreRound) {
    const auto fitted = fit_gaussians(at::ones({3, 1, 4}), kRegulariser);
    const auto query = at::tensor({1.0F, 1.0F, 4.0F, 5.0F}).view({1, 1, 4});
    EXPECT_NEAR(mahalanobis(fitted, query).item<double>(), 50, 1e-4);  // |(3, 4)| / 0.1
}

TEST(Gaussians, KnowOneChannel) {
    EXPECT_NEAR(mahalanobis(fit_gaussians(at::ones({1, 1, 1}), kRegulariser), at::zeros({1, 1, 1}))
                    .item<double>(),
                10, 1e-5);
}

}  // namespace
}  // namespace patchead
