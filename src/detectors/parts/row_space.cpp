#include "parts/row_space.hpp"

#include <array>
#include <cmath>

#include "patchead/core/vectorised.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::size_t kDotLanes = 8;

PATCHEAD_VECTORISED
void subtract_times(double* from, const double* row, double factor, std::size_t dim) {
    for (std::size_t i = 0; i < dim; ++i) { from[i] -= factor * row[i]; }
}

}  // namespace

PATCHEAD_VECTORISED
double dot(const double* a, const double* b, std::size_t dim) {
    std::array<double, kDotLanes> lanes{};
    const auto whole = dim - dim % kDotLanes;
    for (std::size_t i = 0; i < whole; i += kDotLanes) {
        for (std::size_t lane = 0; lane < kDotLanes; ++lane) {
            lanes[lane] += a[i + lane] * b[i + lane];
        }
    }
    for (std::size_t i = whole; i < dim; ++i) { lanes[i - whole] += a[i] * b[i]; }
    double sum = 0;
    for (const double lane : lanes) { sum += lane; }
    return sum;
}

void RowSpace::add(std::span<const double> row) {
    constexpr double kNothing = 1e-9;
    std::vector<double> rest(row.begin(), row.end());
    const double norm = std::sqrt(dot(row.data(), row.data(), dim_));
    (void)split(rest);
    (void)split(rest);
    const double own = std::sqrt(dot(rest.data(), rest.data(), dim_));
    if (size() == dim_ || !(own > kNothing * norm)) { return; }
    for (double& value : rest) { value /= own; }
    rows_.insert(rows_.end(), rest.begin(), rest.end());
}

std::vector<double> RowSpace::split(std::span<double> row) const {
    std::vector<double> coordinates(size());
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
        coordinates[i] = dot(this->row(i), row.data(), dim_);
        subtract_times(row.data(), this->row(i), coordinates[i], dim_);
    }
    return coordinates;
}

}  // namespace patchead::inline detectors_detail
