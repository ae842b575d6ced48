#include "parts/gaussians.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "parts/row_space.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// A matrix, row by row.
struct Square {
    std::size_t side;
    std::vector<double> values;

    explicit Square(std::size_t n) : side(n), values(n * n) {}
    double& at(std::size_t i, std::size_t j) { return values[i * side + j]; }
    [[nodiscard]] const double* row(std::size_t i) const { return values.data() + i * side; }
};

/// Makes a positive definite matrix its lower Cholesky factor.
void factorise(Square& matrix) {
    for (std::size_t j = 0; j < matrix.side; ++j) {
        for (std::size_t i = j; i < matrix.side; ++i) {
            const double rest = matrix.at(i, j) - dot(matrix.row(i), matrix.row(j), j);
            matrix.at(i, j) = i == j ? std::sqrt(rest) : rest / matrix.at(j, j);
        }
    }
}

/// The inverse of a lower triangle.
Square inverse_of(Square& lower) {
    Square inverse(lower.side);
    for (std::size_t j = 0; j < lower.side; ++j) {
        inverse.at(j, j) = 1 / lower.at(j, j);
        for (std::size_t i = j + 1; i < lower.side; ++i) {
            double sum = 0;
            for (std::size_t m = j; m < i; ++m) { sum -= lower.at(i, m) * inverse.at(m, j); }
            inverse.at(i, j) = sum / lower.at(i, i);
        }
    }
    return inverse;
}

/// What whitens C + r I in a basis; C is the sum of the squares of `rows`.
Square whitening_of(const std::vector<std::vector<double>>& rows, const RowSpace& space,
                    std::size_t rank, double regulariser) {
    Square sum(rank);
    for (const auto& row : rows) {
        auto rest = row;
        const auto at = space.split(rest);
        for (std::size_t i = 0; i < at.size(); ++i) {
            for (std::size_t j = 0; j <= i; ++j) { sum.at(i, j) += at[i] * at[j]; }
        }
    }
    for (std::size_t i = 0; i < rank; ++i) { sum.at(i, i) += regulariser; }
    factorise(sum);
    return inverse_of(sum);
}

/// Fits one position after another.
class GaussianFit {
  public:
    GaussianFit(const at::Tensor& references, PositionGaussians& to)
        : references_(references.data_ptr<float>()),
          count_(static_cast<std::size_t>(references.size(0))),
          positions_(static_cast<std::size_t>(references.size(1))),
          dim_(static_cast<std::size_t>(references.size(2))),
          rank_(static_cast<std::size_t>(to.basis.size(1))),
          to_(to) {}

    void fit(std::size_t position) {
        auto rows = rows_at(position);
        const auto mean = take_mean(rows);
        put(mean, to_.mean, position);
        const double divisor = std::sqrt(static_cast<double>(std::max<std::size_t>(count_, 2) - 1));
        if (count_ == 1) { std::ranges::fill(rows[0], std::sqrt(variance_of(mean))); }
        RowSpace space(dim_);
        for (auto& row : rows) {
            for (double& value : row) { value /= divisor; }
            if (space.size() < rank_) { space.add(row); }
        }
        std::vector<double> basis(rank_ * dim_);
        std::copy_n(space.row(0), space.size() * dim_, basis.begin());
        put(basis, to_.basis, position);
        put(whitening_of(rows, space, rank_, to_.regulariser).values, to_.whitening, position);
    }

  private:
    [[nodiscard]] std::vector<std::vector<double>> rows_at(std::size_t position) const {
        std::vector<std::vector<double>> rows;
        for (std::size_t i = 0; i < count_; ++i) {
            const auto* const begin = references_ + (i * positions_ + position) * dim_;
            rows.emplace_back(begin, begin + dim_);
        }
        return rows;
    }

    /// Subtracts the mean, which it returns.
    [[nodiscard]] std::vector<double> take_mean(std::vector<std::vector<double>>& rows) const {
        std::vector<double> mean(dim_);
        for (std::size_t c = 0; c < dim_; ++c) {
            for (const auto& row : rows) { mean[c] += row[c]; }
            mean[c] /= static_cast<double>(rows.size());
            for (auto& row : rows) { row[c] -= mean[c]; }
        }
        return mean;
    }

    [[nodiscard]] double variance_of(const std::vector<double>& values) const {
        double mean = 0;
        for (const double value : values) { mean += value / static_cast<double>(dim_); }
        double sum = 0;
        for (const double value : values) { sum += (value - mean) * (value - mean); }
        return dim_ > 1 ? sum / static_cast<double>(dim_ - 1) : 0;
    }

    static void put(const std::vector<double>& values, at::Tensor& to, std::size_t position) {
        auto* const begin = to.data_ptr<float>() + position * values.size();
        std::ranges::transform(values, begin,
                               [](double value) { return static_cast<float>(value); });
    }

    const float* references_;
    std::size_t count_, positions_, dim_, rank_;
    PositionGaussians& to_;
};

/// The distances of all queries at one position.
class GaussianAt {
  public:
    GaussianAt(const PositionGaussians& gaussians, std::int64_t position)
        : regulariser_(gaussians.regulariser),
          dim_(static_cast<std::size_t>(gaussians.mean.size(1))),
          rank_(static_cast<std::size_t>(gaussians.basis.size(1))),
          mean_(wide(gaussians.mean, position)),
          basis_(wide(gaussians.basis, position)),
          whitening_(wide(gaussians.whitening, position)) {}

    [[nodiscard]] double distance(const float* query) const {
        std::vector<double> rest(dim_);
        for (std::size_t c = 0; c < dim_; ++c) { rest[c] = double{query[c]} - mean_[c]; }
        std::vector<double> at(rank_);
        for (std::size_t i = 0; i < rank_; ++i) {
            const auto* const row = basis_.data() + i * dim_;
            at[i] = dot(row, rest.data(), dim_);
            for (std::size_t c = 0; c < dim_; ++c) { rest[c] -= at[i] * row[c]; }
        }
        double sum = dot(rest.data(), rest.data(), dim_) / regulariser_;
        for (std::size_t i = 0; i < rank_; ++i) {
            const double white = dot(whitening_.data() + i * rank_, at.data(), i + 1);
            sum += white * white;
        }
        return std::sqrt(sum);
    }

  private:
    static std::vector<double> wide(const at::Tensor& of, std::int64_t position) {
        const auto size = of.numel() / of.size(0);
        const auto* const begin = of.data_ptr<float>() + position * size;
        return {begin, begin + size};
    }

    double regulariser_;
    std::size_t dim_, rank_;
    std::vector<double> mean_, basis_, whitening_;
};

}  // namespace

PositionGaussians fit_gaussians(const at::Tensor& references, double regulariser) {
    const auto single = references.to(at::kFloat).contiguous();
    const auto positions = single.size(1);
    const auto dim = single.size(2);
    const auto rank = std::max<std::int64_t>(1, std::min(single.size(0) - 1, dim));
    PositionGaussians fitted{regulariser, at::empty({positions, dim}, at::kFloat),
                             at::empty({positions, rank, dim}, at::kFloat),
                             at::empty({positions, rank, rank}, at::kFloat)};
    GaussianFit fit(single, fitted);
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t position = 0; position < positions; ++position) {
        fit.fit(static_cast<std::size_t>(position));
    }
    return fitted;
}

at::Tensor mahalanobis(const PositionGaussians& gaussians, const at::Tensor& queries) {
    const auto single = queries.to(at::kFloat).contiguous();
    const auto positions = single.size(1);
    const auto dim = single.size(2);
    auto result = at::empty({single.size(0), positions}, at::kDouble);
    const auto* const from = single.data_ptr<float>();
    auto* const to = result.data_ptr<double>();
    const auto images = single.size(0);
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t position = 0; position < positions; ++position) {
        const GaussianAt gaussian(gaussians, position);
        for (std::int64_t image = 0; image < images; ++image) {
            const auto place = image * positions + position;
            to[place] = gaussian.distance(from + place * dim);
        }
    }
    return result;
}

at::Tensor covariances(const PositionGaussians& gaussians) {
    const auto factor = at::linalg_inv(gaussians.whitening.to(at::kDouble));
    const auto identity = [&](std::int64_t n) {
        return gaussians.regulariser * at::eye(n, at::kDouble);
    };
    const auto inside = factor.matmul(factor.transpose(1, 2)) - identity(factor.size(1));
    const auto basis = gaussians.basis.to(at::kDouble);
    return basis.transpose(1, 2).matmul(inside).matmul(basis) + identity(basis.size(2));
}

}  // namespace patchead::inline detectors_detail
