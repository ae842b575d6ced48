#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief The cheap half of scoring: every ablation point is a reduction of a match tensor.

namespace patchead {

/// Weight of each patch under `masking`: 1 where the attention, min-max normalised over the image,
/// exceeds the threshold, else the weight. A constant row gives 1 everywhere.
/// Shape: `attention[L]` to `[L]`.
[[nodiscard]] std::vector<float> mask_weights(std::span<const float> attention,
                                              const Masking& masking);

/// Scores of the queries of `matches` against its first `references` references.
///
/// Per patch: distance u = 1 - similarity, clamped to [0, 2]; m = mean of the K_P smallest (or
/// largest) u over the references, summed in double in ascending order; times the mask weight. Per
/// image: S = mean of the K_I largest m, summed in double in descending order.
/// N counts the references that are not the query itself, by id. Fractions are exact to 1e-9:
/// 0.3 * 10 is 3.
/// `attention[q, L]` of the queries; may be empty without masking.
/// `shapes`: of the queries, become those of the scores; only an image's own patches count for its
/// score, and for rho. Empty: all fill the grid.
/// Source: paper, Eqs. (1)-(4), read as docs/method.md says.
/// Throws DataError if a query has no reference but itself, a similarity that is read is NaN, more
/// references are asked for than were matched, or masking is asked for without attention.
[[nodiscard]] PatchScores score(const MatchTensor& matches, std::size_t references,
                                std::span<const float> attention, const ScoringOptions& options,
                                std::vector<InputShape> shapes = {});

/// Of each query of a match tensor, the places of the references that it is compared with.
using ReferenceLists = std::vector<std::vector<std::size_t>>;

/// The same with a choice of references for each query, itself (by id) not among them; N is their
/// number. Throws DataError also if a query has none.
[[nodiscard]] PatchScores score(const MatchTensor& matches, const ReferenceLists& references,
                                std::span<const float> attention, const ScoringOptions& options,
                                std::vector<InputShape> shapes = {});

/// K = max(1, fraction * count), rounded as asked (halves go up), computed so that decimal
/// fractions are exact. Throws ConfigError unless `fraction` lies in [0, 1].
[[nodiscard]] std::size_t selected_count(double fraction, std::size_t count, Rounding rounding);

}  // namespace patchead
