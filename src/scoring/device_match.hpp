#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "patchead/core/options.hpp"

/// \file
/// \brief The extreme similarities of pairs of images on a GPU. Private to the scoring layer.

namespace patchead::inline scoring_detail {

/// Two images and where the extremes of their similarities go, as for PairProduct::run.
/// Shapes: `left[L, D]`, `right[L, D]`, `by_row[L]`, `by_col[L]` or empty.
struct Pair {
    std::span<const float> left;
    std::span<const float> right;
    std::span<float> by_row;
    std::span<float> by_col;
};

/// What PairProduct finds of every pair, with the same bits, on `device` of LibTorch ("cuda:0"; the
/// tests use "cpu"). Holds all images twice and a chunk of products there. False, with nothing
/// decided, if they do not fit in its memory.
[[nodiscard]] bool match_on_device(std::span<const Pair> pairs, std::size_t patches,
                                   std::size_t dim, Reduce reduce, const std::string& device);

}  // namespace patchead::inline scoring_detail
