#pragma once

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "parts.hpp"
#include "patchead/alignment/align.hpp"
#include "patchead/core/option_names.hpp"

/// \file
/// \brief Two images to their alignment, for tests of whole alignments.

namespace patchead {

inline AlignOptions with(AlignEstimator estimator, AlignModel model = AlignModel::rigid) {
    AlignOptions options;
    options.estimator = estimator;
    options.model = model;
    options.side_px = kSide;
    return options;
}

inline Alignment align_images(const Image& source, const Image& target,
                              const AlignOptions& options) {
    return align(*find_landmarks(source, options), *find_landmarks(target, options), options);
}

inline std::vector<AlignEstimator> all_estimators() {
    std::vector<AlignEstimator> all;
    for (const auto& entry : option_names(AlignEstimator{})) { all.push_back(entry.value); }
    return all;
}

/// What an alignment that changes nothing looks like.
inline void expect_rejected(const Alignment& alignment) {
    EXPECT_FALSE(alignment.accepted);
    EXPECT_EQ(alignment.transform, Transform{});
    EXPECT_EQ(alignment.method, "");
    EXPECT_EQ(alignment.ncc_after, alignment.ncc_before);
    EXPECT_TRUE(std::isfinite(alignment.ncc_before));
}

}  // namespace patchead
