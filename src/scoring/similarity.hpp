#pragma once

#include <span>

/// \file
/// \brief The similarity of two patches, and its candidates among rough values.

namespace patchead::inline scoring_detail {

/// The similarity of two patches: their dot product. Products of floats are exact in double; they
/// are summed in double in lanes of a fixed number. So its bits are the same on every machine, and
/// `a` and `b` may change places.
[[nodiscard]] double similarity(std::span<const float> a, std::span<const float> b);

/// Makes each `best_of_col[c]` the larger of itself and `row[c]` (unless it is empty) and returns
/// the largest of `row`.
[[nodiscard]] float fold_largest(std::span<const float> row, std::span<float> best_of_col);

/// True if a `row[c]` reaches `limit` or `limit_of_col[c]`; the latter may be empty.
[[nodiscard]] bool any_reaches(std::span<const float> row, float limit,
                               std::span<const float> limit_of_col);

}  // namespace patchead::inline scoring_detail
