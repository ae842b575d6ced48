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

void Gaussian::apply(std::span<float> map, MapSize size) {
    if (weights_.empty()) { return; }
    const auto width = static_cast<std::size_t>(size.width);
    sums_.resize(width);
    down_columns(map, width);
    along_rows(map, width);
}

void Gaussian::down_columns(std::span<float> map, std::size_t width) {
    rows_.assign(map.begin(), map.end());
    const auto height = map.size() / width;
    const auto row = [&](std::ptrdiff_t y) { return rows_.data() + reflect(y, height) * width; };
    for (std::size_t i = 0; i < height; ++i) {
        const auto y = static_cast<std::ptrdiff_t>(i);
        start_sums(sums_, weights_[0], row(y));
        for (std::size_t k = 1; k < weights_.size(); ++k) {
            const auto away = static_cast<std::ptrdiff_t>(k);
            add_pair(sums_, weights_[k], row(y - away), row(y + away));
        }
        store(sums_, map.data() + i * width);
    }
}

void Gaussian::along_rows(std::span<float> map, std::size_t width) {
    const auto radius = weights_.size() - 1;
    rows_.resize(width + 2 * radius);
    for (std::size_t at = 0; at < map.size(); at += width) {
        float* const row = map.data() + at;
        for (std::size_t x = 0; x < rows_.size(); ++x) {
            rows_[x] = row[reflect(
                static_cast<std::ptrdiff_t>(x) - static_cast<std::ptrdiff_t>(radius), width)];
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
