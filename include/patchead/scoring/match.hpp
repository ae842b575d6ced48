#pragma once

#include <span>
#include <string>
#include <string_view>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief The expensive half of scoring: cosine similarities, reduced to one value per query patch
/// and reference image.

namespace patchead {

/// Similarity of each query image to each reference image (few-shot).
///
/// Embeddings are l2-normalised first (float32, the norm summed in double; a zero vector stays
/// zero). Never holds more than one tile of the product. Entries of a query and a reference with
/// the same id are NaN.
/// Throws DataError if grid or dim differ. Cost: 2 q r L^2 D flop.
[[nodiscard]] MatchTensor match_references(const FeatureBlock& queries,
                                           const FeatureBlock& references, Reduce reduce);

/// Similarity of the first `owned` images of a batch to every image of it (batch zero-shot).
///
/// Each unordered pair costs one matrix product: its row extremes serve one direction, its column
/// extremes the other. Entries of an image with itself are NaN.
[[nodiscard]] MatchTensor match_batch(const FeatureBlock& batch, std::size_t owned, Reduce reduce);

/// Matrix products done by this process so far; for logs and tests.
[[nodiscard]] std::uint64_t matrix_products_done();

}  // namespace patchead
