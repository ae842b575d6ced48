#pragma once

#include <cstddef>
#include <cstdint>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief The expensive half of scoring: cosine similarities, reduced to one value per query patch
/// and reference image.
///
/// The similarities of a pair of images are a function of the two images alone: neither their
/// places, nor the rest of the call, nor the number of threads or ranks changes a bit of them, and
/// both functions below give the same bits for the same query and reference. (The image whose id,
/// and then version, comes first is always the left factor, tiles depend on the grid only, and one
/// thread computes a tile from end to end.)
///
/// Embeddings are l2-normalised in the place they came in (float32, the norm summed in double; a
/// zero vector stays zero). They are taken by value: move a block in, and no copy is made. Beyond
/// embeddings and result, each thread holds one tile of the product, 1 MiB at most.
/// Threads: those of OpenMP.

namespace patchead {

/// Similarity of each query image to each reference image (few-shot).
///
/// Entries of a query and a reference with the same id, in whatever version, are NaN.
/// Throws DataError if grid or dim differ, or an embedding is not finite (the message names the
/// image). Cost: 2 q r L^2 D flop.
[[nodiscard]] MatchTensor match_references(FeatureBlock queries, FeatureBlock references,
                                           Reduce reduce);

/// Similarity of the first `owned` images of a batch to every image of it (batch zero-shot).
///
/// Each unordered pair costs one matrix product: its row extremes serve one direction, its column
/// extremes the other. Entries of an image with itself, and of images with one id, are NaN.
/// Throws DataError if an embedding is not finite (the message names the image).
/// Cost: L^2 D flop for each ordered pair of a batch that is owned as a whole.
[[nodiscard]] MatchTensor match_batch(FeatureBlock batch, std::size_t owned, Reduce reduce);

/// Matrix products of two images done by this process so far; for logs and tests.
[[nodiscard]] std::uint64_t matrix_products_done();

}  // namespace patchead
