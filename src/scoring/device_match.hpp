#pragma once

#include <cstddef>
#include <cstdint>
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

/// A device of LibTorch ("cuda:0"; the tests use "cpu"), and how many products are worked on at a
/// time there: those of one pair of images at least.
struct DeviceTiles {
    std::string device;
    std::int64_t products = std::int64_t{1} << 26;  ///< 256 MiB.
};

/// What PairProduct finds of every pair, with the same bits, on a device. Holds all images twice
/// and a tile of products there. False, with nothing decided, if they do not fit in its memory.
[[nodiscard]] bool match_on_device(std::span<const Pair> pairs, std::size_t patches,
                                   std::size_t dim, Reduce reduce, const DeviceTiles& tiles);

}  // namespace patchead::inline scoring_detail
