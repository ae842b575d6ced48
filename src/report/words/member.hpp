#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "patchead/metrics/bootstrap.hpp"
#include "patchead/report/text_study.hpp"

/// \file
/// \brief What the scores of one point tell (docs/method.md). Private to the report layer.

namespace patchead::inline report_detail {

/// A point, and what it is compared with.
struct StudyMember {
    const ResultRow* row = nullptr;
    const ResultRow* negative = nullptr;  ///< The same with negative sentences; null: none.
    const ResultRow* plain = nullptr;     ///< The same with nothing augmented; null: none.
};

/// Measures in the order of StudyMeasure; NaN where undefined.
using MemberValues = std::array<double, kStudyMeasures>;

/// Numbers of a member and the same of every resample of its images.
struct MemberNumbers {
    MemberValues values{};
    std::vector<MemberValues> resamples{};
};

/// Both kinds of images weigh the same: how many of each there are is the test set's affair.
/// Requires images of both kinds.
[[nodiscard]] MemberNumbers measure_member(const StudyMember& member, const Resamples& resamples,
                                           const TextStudyOptions& options);

}  // namespace patchead::inline report_detail
