#include "parts/wide_rows.hpp"

#include <algorithm>

#include "patchead/core/vectorised.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::size_t kWideLanes = 4;

/// A vector of the CPU, or several where its own are narrower.
using Lanes = double __attribute__((vector_size(kWideLanes * sizeof(double)), aligned(8)));

inline double sum_of(const Lanes& lanes) {
    double sum = 0;
    for (std::size_t i = 0; i < kWideLanes; ++i) { sum += lanes[i]; }
    return sum;
}

inline const Lanes& lanes_at(const double* values) {
    return *reinterpret_cast<const Lanes*>(values);  // NOLINT: doubles, aligned as such.
}

/// Products of one row with `count` rows that lie one after another.
PATCHEAD_VECTORISED
void products_of_one(const double* left, const double* right, std::size_t count, std::size_t stride,
                     double* to) {
    for (std::size_t j = 0; j < count; ++j) {
        const double* const other = right + j * stride;
        Lanes sum{};
        for (std::size_t i = 0; i < stride; i += kWideLanes) {
            sum += lanes_at(left + i) * lanes_at(other + i);
        }
        to[j] = sum_of(sum);
    }
}

/// Products of two rows that lie one after another with four.
PATCHEAD_VECTORISED
void products_of_block(const double* left, const double* right, std::size_t stride, double* to,
                       std::size_t to_stride) {
    const double* const l1 = left + stride;
    const double* const r1 = right + stride;
    const double* const r2 = r1 + stride;
    const double* const r3 = r2 + stride;
    Lanes s00{}, s01{}, s02{}, s03{}, s10{}, s11{}, s12{}, s13{};
    for (std::size_t i = 0; i < stride; i += kWideLanes) {
        const Lanes a = lanes_at(left + i);
        const Lanes b = lanes_at(l1 + i);
        const Lanes c0 = lanes_at(right + i);
        const Lanes c1 = lanes_at(r1 + i);
        const Lanes c2 = lanes_at(r2 + i);
        const Lanes c3 = lanes_at(r3 + i);
        s00 += a * c0;
        s01 += a * c1;
        s02 += a * c2;
        s03 += a * c3;
        s10 += b * c0;
        s11 += b * c1;
        s12 += b * c2;
        s13 += b * c3;
    }
    to[0] = sum_of(s00);
    to[1] = sum_of(s01);
    to[2] = sum_of(s02);
    to[3] = sum_of(s03);
    to[to_stride] = sum_of(s10);
    to[to_stride + 1] = sum_of(s11);
    to[to_stride + 2] = sum_of(s12);
    to[to_stride + 3] = sum_of(s13);
}

}  // namespace

WideRows::WideRows(std::int64_t dim)
    : dim_(static_cast<std::size_t>(dim)),
      stride_((dim_ + kWideLanes - 1) / kWideLanes * kWideLanes) {}

void WideRows::append(const at::Tensor& rows, std::span<const std::int64_t> which) {
    const auto* const from = rows.data_ptr<float>();
    for (const auto row : which) {
        const auto begin = values_.size();
        values_.resize(begin + stride_);
        const auto* const values = from + static_cast<std::size_t>(row) * dim_;
        std::copy_n(values, dim_, values_.begin() + static_cast<std::ptrdiff_t>(begin));
        double square = 0;
        products_of_one(values_.data() + begin, values_.data() + begin, 1, stride_, &square);
        squares_.push_back(square);
    }
}

void WideRows::clear() {
    values_.clear();
    squares_.clear();
}

void products(const WideRows& left, const WideRows& right, std::size_t first,
              std::span<double> to) {
    const auto stride = left.stride();
    const auto count = right.size() - first;
    const auto blocks = count / 4 * 4;
    std::size_t row = 0;
    for (; row + 1 < left.size(); row += 2) {
        double* const at = to.data() + row * count;
        for (std::size_t j = 0; j < blocks; j += 4) {
            products_of_block(left.row(row), right.row(first + j), stride, at + j, count);
        }
        for (std::size_t r = 0; r < 2; ++r) {
            products_of_one(left.row(row + r), right.row(first + blocks), count - blocks, stride,
                            at + r * count + blocks);
        }
    }
    if (row < left.size()) {
        products_of_one(left.row(row), right.row(first), count, stride, to.data() + row * count);
    }
}

}  // namespace patchead::inline detectors_detail
