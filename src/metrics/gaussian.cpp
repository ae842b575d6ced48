#include "gaussian.hpp"

#include <cmath>

namespace patchead {
namespace {

/// Where point `i` of an axis that goes on beyond its ends is reflected from.
std::size_t reflect(std::ptrdiff_t i, std::size_t size) {
    const auto n = static_cast<std::ptrdiff_t>(size);
    const auto period = 2 * n;
    const auto within = (i % period + period) % period;
    return static_cast<std::size_t>(within < n ? within : period - 1 - within);
}

/// sums[x] += weight * (a[x] + b[x])
void add_pair(std::vector<double>& sums, double weight, const float* a, const float* b) {
    for (std::size_t x = 0; x < sums.size(); ++x) {
        sums[x] += weight * (static_cast<double>(a[x]) + static_cast<double>(b[x]));
    }
}

/// Sets `sums` to `weight * a`.
void start_sums(std::vector<double>& sums, double weight, const float* a) {
    for (std::size_t x = 0; x < sums.size(); ++x) { sums[x] = weight * static_cast<double>(a[x]); }
}

void store(const std::vector<double>& sums, float* to) {
    for (std::size_t x = 0; x < sums.size(); ++x) { to[x] = static_cast<float>(sums[x]); }
}

}  // namespace

Gaussian::Gaussian(double sigma_px) {
    if (sigma_px <= 0) { return; }
    const auto radius = static_cast<int>(4 * sigma_px + 0.5);
    double sum = 0;
    for (int k = 0; k <= radius; ++k) {
        weights_.push_back(std::exp(-0.5 * k * k / (sigma_px * sigma_px)));
        sum += (k == 0 ? 1 : 2) * weights_.back();
    }
    for (auto& weight : weights_) { weight /= sum; }
}

void Gaussian::apply(std::span<float> map, std::size_t side) {
    if (weights_.empty()) { return; }
    sums_.resize(side);
    down_columns(map, side);
    along_rows(map, side);
}

void Gaussian::down_columns(std::span<float> map, std::size_t side) {
    rows_.assign(map.begin(), map.end());
    const auto row = [&](std::ptrdiff_t y) { return rows_.data() + reflect(y, side) * side; };
    for (std::size_t i = 0; i < side; ++i) {
        const auto y = static_cast<std::ptrdiff_t>(i);
        start_sums(sums_, weights_[0], row(y));
        for (std::size_t k = 1; k < weights_.size(); ++k) {
            const auto away = static_cast<std::ptrdiff_t>(k);
            add_pair(sums_, weights_[k], row(y - away), row(y + away));
        }
        store(sums_, map.data() + i * side);
    }
}

void Gaussian::along_rows(std::span<float> map, std::size_t side) {
    const auto radius = weights_.size() - 1;
    rows_.resize(side + 2 * radius);
    for (std::size_t y = 0; y < side; ++y) {
        float* const row = map.data() + y * side;
        for (std::size_t x = 0; x < rows_.size(); ++x) {
            rows_[x] = row[reflect(
                static_cast<std::ptrdiff_t>(x) - static_cast<std::ptrdiff_t>(radius), side)];
        }
        const float* const centre = rows_.data() + radius;
        start_sums(sums_, weights_[0], centre);
        for (std::size_t k = 1; k <= radius; ++k) {
            add_pair(sums_, weights_[k], centre - k, centre + k);
        }
        store(sums_, row);
    }
}

}  // namespace patchead
