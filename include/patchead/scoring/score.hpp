#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "patchead/core/types.hpp"

/// \file
/// \brief The cheap half of scoring: every ablation point is a reduction of a match tensor.

namespace patchead {

/// Which reference images a patch score averages over: those that match it best or worst.
enum class Select { closest, farthest };

enum class Rounding { floor, round, ceil };

/// Foreground masking by the query's own class-token attention (paper, section 3.3).
struct Masking {
    double threshold = 0.05;  ///< On attention min-max normalised per image.
    double weight = 0.5;      ///< Factor of patches at or below the threshold; 1 above it.
};

/// Everything that turns a match tensor into scores. docs/method.md gives the reasons.
struct ScoringOptions {
    Select select = Select::closest;
    double reference_fraction = 0;        ///< K_P = max(1, fraction * N); 0 gives K_P = 1.
    Rounding reference_rounding = Rounding::floor;
    double patch_fraction = 0;            ///< rho: K_I = max(1, floor(rho * L)); 0 gives K_I = 1.
    std::optional<Masking> masking;
    bool euclidean = false;  ///< sqrt(2 D) instead of the cosine distance D (MuSc).
};

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
/// N counts the references that are not the query itself. Fractions are exact to 1e-9: 0.3 * 10
/// is 3.
/// `attention[q, L]` of the queries; may be empty without masking.
/// Source: paper, Eqs. (1)-(4), read as docs/method.md says.
/// Throws DataError if a query has no reference, or masking is asked for without attention.
[[nodiscard]] PatchScores score(const MatchTensor& matches, std::size_t references,
                                std::span<const float> attention, const ScoringOptions& options);

/// K = max(1, fraction * count), rounded as asked, computed so that decimal fractions are exact.
[[nodiscard]] std::size_t selected_count(double fraction, std::size_t count, Rounding rounding);

}  // namespace patchead
