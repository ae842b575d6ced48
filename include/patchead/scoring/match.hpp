#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief The expensive half of scoring: cosine similarities, reduced to one value per query patch
/// and reference image.
///
/// The similarity of two patches is summed in double, in an order that depends on nothing. So its
/// bits are a function of the two patches alone: neither their places, nor the rest of the call,
/// nor the number of threads or ranks, nor the machine and its BLAS change a bit of it. Which
/// patches it is worth computing for is found by a rough matrix product with a proven error bound
/// (src/scoring/rough_product.hpp).
///
/// Embeddings are l2-normalised in the place they came in (float32, the norm summed in double; a
/// zero vector stays zero). They are taken by value: move a block in, and no copy is made. Beyond
/// embeddings and result, each thread holds one tile of the product, two images in bf16 and a list
/// of candidates: less than 16 MiB for 1369 patches of 768 channels.
/// Threads: those of OpenMP.

namespace patchead {

/// How candidates are found; changes no bit of the result.
///  * fastest: bf16 where the CPU multiplies it much faster than fp32 (scoring/screening.hpp)
///  * fp32, bf16: matrix products of this type; fp32 also where the CPU does not multiply bf16
enum class Screening { fastest, fp32, bf16 };

/// What computes; changes no bit of the result.
struct MatchEngine {
    Screening screening = Screening::fastest;  ///< On a CPU.
    /// "cpu", or a GPU in LibTorch's words ("cuda:0"), which holds all embeddings twice and 1 GB of
    /// products and candidates. What does not fit there is matched on the CPU.
    std::string device = "cpu";
    /// Bytes of its second-level cache, half of which a tile of products fills; 0: not known.
    std::int64_t device_cache = 0;
};

/// Similarity of each query image to each reference image (few-shot).
///
/// Entries of a query and a reference with the same id, in whatever version, are NaN.
/// Throws DataError if grid or dim differ, or an embedding is not finite (the message names the
/// image). Cost: 2 q r L^2 D flop.
[[nodiscard]] MatchTensor match_references(FeatureBlock queries, FeatureBlock references,
                                           Reduce reduce, const MatchEngine& engine = {});

/// Similarity of the first `owned` images of a batch to every image of it (batch zero-shot).
///
/// Each unordered pair costs one matrix product: its row extremes serve one direction, its column
/// extremes the other. Entries of an image with itself, and of images with one id, are NaN.
/// Throws DataError if an embedding is not finite (the message names the image).
/// Cost: L^2 D flop for each ordered pair of a batch that is owned as a whole.
[[nodiscard]] MatchTensor match_batch(FeatureBlock batch, std::size_t owned, Reduce reduce,
                                      const MatchEngine& engine = {});

/// Speed of matching on this machine, in 1e9 floating point operations a second of the products
/// that it asks for (bf16 counts like fp32). Takes a tenth of a second.
[[nodiscard]] double measure_match_gflops(const MatchEngine& engine = {});

/// Matrix products of two images done by this process so far; for logs and tests.
[[nodiscard]] std::uint64_t matrix_products_done();

}  // namespace patchead
