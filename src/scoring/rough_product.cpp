#include "rough_product.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "brain_float.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/timing.hpp"
#include "patchead/scoring/screening.hpp"

namespace patchead::inline scoring_detail {
namespace {

/// `values[rows, cols]` as a tensor over the same memory.
at::Tensor as_matrix(const void* values, std::size_t rows, std::size_t cols, at::ScalarType type) {
    // ATen has no tensors of constants; nothing here writes to an operand.
    return at::from_blob(const_cast<void*>(values),
                         {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(cols)},
                         at::TensorOptions(type));
}

/// `tile` = the rows and columns `range` of `left right^T`.
template <class T>
void multiply_tile(const T* left, const T* right, std::size_t dim, const TileRange& range,
                   std::vector<T>& tile, at::ScalarType type) {
    auto product = as_matrix(tile.data(), range.rows, range.cols, type);
    at::mm_out(product, as_matrix(left + range.row * dim, range.rows, dim, type),
               as_matrix(right + range.col * dim, range.cols, dim, type).t());
}

std::size_t tile_size(std::size_t patches) {
    const auto side = std::min(patches, kTileSide);
    return side * side;
}

/// The error of a dot product of unit vectors whose sums are in fp32.
float error_of_sums(std::size_t dim) { return std::ldexp(static_cast<float>(dim + 2), -23); }

class SingleProduct : public RoughProduct {
  public:
    SingleProduct(std::size_t patches, std::size_t dim, Reduce reduce)
        : dim_(dim), is_negated_(reduce == Reduce::farthest), tile_(tile_size(patches)) {}

    void take(std::span<const float> left, std::span<const float> right) override {
        left_ = left;
        right_ = right;
    }
    void multiply(const TileRange& range) override {
        multiply_tile(left_.data(), right_.data(), dim_, range, tile_, at::kFloat);
        cols_ = range.cols;
        if (is_negated_) { std::ranges::transform(tile_, tile_.begin(), std::negate()); }
    }
    std::span<const float> row(std::size_t r) override {
        return std::span(tile_).subspan(r * cols_, cols_);
    }
    [[nodiscard]] float limit(float best) const override { return best - 2 * error_of_sums(dim_); }

  private:
    std::size_t dim_;
    bool is_negated_;
    std::size_t cols_ = 0;
    std::vector<float> tile_;
    std::span<const float> left_;
    std::span<const float> right_;
};

class BrainProduct : public RoughProduct {
  public:
    BrainProduct(std::size_t patches, std::size_t dim, Reduce reduce)
        : dim_(dim),
          sign_(reduce == Reduce::farthest ? -1.0F : 1.0F),
          tile_(tile_size(patches)),
          left_(patches * dim),
          right_(patches * dim),
          row_(std::min(patches, kTileSide)) {}

    void take(std::span<const float> left, std::span<const float> right) override {
        if (left.data() != left_source_) {
            left_error_ = round_patches(left, left_);
            left_source_ = left.data();
        }
        const float right_error = round_patches(right, right_);
        error_ =
            1.001F * (left_error_ + right_error + left_error_ * right_error) + error_of_sums(dim_);
    }
    void multiply(const TileRange& range) override {
        multiply_tile(left_.data(), right_.data(), dim_, range, tile_, at::kBFloat16);
        cols_ = range.cols;
    }
    std::span<const float> row(std::size_t r) override {
        const auto values = std::span(row_).first(cols_);
        to_float(std::span<const BrainFloat>(tile_).subspan(r * cols_, cols_), sign_, values);
        return values;
    }
    [[nodiscard]] float limit(float best) const override {
        const float unrounded = best - kBrainRounding * std::abs(best) - 2 * error_;
        return unrounded - kBrainRounding * std::abs(unrounded);
    }

  private:
    /// Rounds an image; returns the largest distance that a patch moves.
    [[nodiscard]] float round_patches(std::span<const float> from, std::span<BrainFloat> to) const {
        double largest = 0;
        for (std::size_t at = 0; at < from.size(); at += dim_) {
            largest = std::max(largest,
                               round_to_brain_float(from.subspan(at, dim_), to.subspan(at, dim_)));
        }
        return static_cast<float>(std::sqrt(largest));
    }

    std::size_t dim_;
    float sign_;
    std::size_t cols_ = 0;
    const float* left_source_ = nullptr;
    float left_error_ = 0;
    float error_ = 0;
    std::vector<BrainFloat> tile_;
    std::vector<BrainFloat> left_;
    std::vector<BrainFloat> right_;
    std::vector<float> row_;
};

/// Seconds of a product of the size of a tile.
double seconds_of_product(at::ScalarType type) {
    constexpr int kTimes = 7;
    const auto a = at::ones({kTileSide, 768}, type);
    return best_seconds(Timed::this_thread, kTimes, 1, [&] { at::mm(a, a.t()); });
}

/// What Screening::fastest is on this machine, and why.
struct MeasuredChoice {
    Screening screening = Screening::fp32;
    std::string reason;
};

MeasuredChoice measure_choice() {
    // Rounding the operands and looking at more candidates cost time, too.
    constexpr double kMuchFaster = 1.4;
    const double brain = seconds_of_product(at::kBFloat16);
    const double single = seconds_of_product(at::kFloat);
    const bool is_brain_float = kMuchFaster * brain < single;
    return {is_brain_float ? Screening::bf16 : Screening::fp32,
            concat("a tile takes ", 1e3 * brain, " ms of processor time in bf16, ", 1e3 * single,
                   " ms in fp32; bf16 if it is ", kMuchFaster, " times as fast")};
}

/// Measured once a process.
const MeasuredChoice& measured_choice() {
    static const auto choice = measure_choice();
    return choice;
}

bool has_brain_float_instructions() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

}  // namespace

std::unique_ptr<RoughProduct> make_rough_product(Screening screening, std::size_t patches,
                                                 std::size_t dim, Reduce reduce) {
    if (screening == Screening::bf16) {
        return std::make_unique<BrainProduct>(patches, dim, reduce);
    }
    return std::make_unique<SingleProduct>(patches, dim, reduce);
}

Screening choose_screening(Screening wanted, std::size_t patches, std::size_t dim) {
    // ATen multiplies tiny matrices in ways of its own, which the bound need not cover.
    constexpr std::size_t kTiny = 1 << 16;
    if (patches * patches * dim < kTiny || !has_brain_float_instructions()) {
        return Screening::fp32;
    }
    if (wanted != Screening::fastest) { return wanted; }
    return measured_choice().screening;
}

}  // namespace patchead::inline scoring_detail

namespace patchead {

std::string screening_text() {
    if (!has_brain_float_instructions()) { return "fp32 (this CPU does not multiply bf16)"; }
    const auto& choice = measured_choice();
    return concat(choice.screening == Screening::bf16 ? "bf16" : "fp32", " (", choice.reason, ")");
}

}  // namespace patchead
