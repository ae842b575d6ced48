#include "pair_product.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

// A tile of 512 x 512 floats is 1 MiB: still in the second-level cache when its extremes are taken,
// and large enough for the product to run at the speed of a larger one.
constexpr std::size_t kTileSide = 512;

/// `values[rows, cols]` as a tensor over the same memory.
at::Tensor as_matrix(const float* values, std::size_t rows, std::size_t cols) {
    // ATen has no tensors of constants; nothing here writes to an operand.
    return at::from_blob(const_cast<float*>(values),
                         {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(cols)},
                         at::TensorOptions(at::kFloat));
}

/// Sum of squares in double; in lanes, because a compiler may not reorder floats by itself.
double sum_of_squares(std::span<const float> values) {
    std::array<double, 8> lanes{};
    const auto whole = values.size() - values.size() % lanes.size();
    for (std::size_t i = 0; i < whole; i += lanes.size()) {
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            const double x = values[i + lane];
            lanes[lane] += x * x;
        }
    }
    double sum = 0;
    for (const double lane : lanes) { sum += lane; }
    for (const float x : values.subspan(whole)) { sum += static_cast<double>(x) * x; }
    return sum;
}

/// False if a value is not finite.
bool normalise_patch(std::span<float> patch) {
    const double squares = sum_of_squares(patch);
    if (!std::isfinite(squares)) { return false; }
    if (squares == 0) { return true; }
    const double scale = 1 / std::sqrt(squares);
    for (float& x : patch) { x = static_cast<float>(x * scale); }
    return true;
}

}  // namespace

void normalise(FeatureBlock& block) {
    const auto dim = static_cast<std::size_t>(block.dim);
    const auto patches = static_cast<std::size_t>(block.grid.size());
    const auto images = static_cast<std::int64_t>(block.images());
    auto bad = images;  // The first image with a bad value, whichever thread meets it first.
#pragma omp parallel for reduction(min : bad)
    for (std::int64_t i = 0; i < images; ++i) {
        const auto first = static_cast<std::size_t>(i) * patches;
        for (std::size_t patch = first; patch < first + patches; ++patch) {
            if (!normalise_patch(std::span(block.embeddings).subspan(patch * dim, dim))) {
                bad = std::min(bad, i);
            }
        }
    }
    require<DataError>(bad == images, "the embedding of '",
                       bad < images ? block.ids[static_cast<std::size_t>(bad)] : "",
                       "' is not finite (an overflow of fp16, or a damaged checkpoint); store "
                       "embeddings as fp32 or check the weights");
}

PairProduct::PairProduct(std::size_t patches, std::size_t dim, Reduce reduce)
    : patches_(patches),
      dim_(dim),
      reduce_(reduce),
      tile_(std::min(patches, kTileSide) * std::min(patches, kTileSide)) {}

void PairProduct::run(std::span<const float> left, std::span<const float> right,
                      std::span<float> by_row, std::span<float> by_col) {
    std::ranges::fill(by_row, worst_similarity(reduce_));
    std::ranges::fill(by_col, worst_similarity(reduce_));
    for (std::size_t c = 0; c < patches_; c += kTileSide) {
        const auto cols = std::min(kTileSide, patches_ - c);
        for (std::size_t r = 0; r < patches_; r += kTileSide) {
            const auto rows = std::min(kTileSide, patches_ - r);
            const auto tile =
                multiply(left.subspan(r * dim_, rows * dim_), right.subspan(c * dim_, cols * dim_));
            fold_extremes(tile, reduce_, by_row.empty() ? by_row : by_row.subspan(r, rows),
                          by_col.empty() ? by_col : by_col.subspan(c, cols));
        }
    }
}

Tile PairProduct::multiply(std::span<const float> left, std::span<const float> right) {
    const auto rows = left.size() / dim_;
    const auto cols = right.size() / dim_;
    auto product = as_matrix(tile_.data(), rows, cols);
    at::mm_out(product, as_matrix(left.data(), rows, dim_),
               as_matrix(right.data(), cols, dim_).t());
    return {std::span(tile_).first(rows * cols), rows, cols};
}

}  // namespace patchead
