#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "copies.hpp"

/// \file
/// \brief Few-shot with alignment: each query against the copies made for it. Private to the
/// pipeline layer.

namespace patchead::inline pipeline_detail {

/// A prompt and where it lies in each query.
struct PromptCopies {
    const Sample* sample = nullptr;
    std::vector<Transform> transforms;  ///< Of each query.
    FeatureBlock itself;  ///< The prompt, and the prompt rotated: copies by an identity.
};

struct WarpedMatches {
    MatchTensor matches;  ///< References: the prompt aligned, and that rotated.
    std::size_t forwards = 0;
};

/// How images are matched: query and references.
using MatchImages = std::function<MatchTensor(FeatureBlock, FeatureBlock)>;

/// Makes, embeds and matches the two copies of the prompt for each of `queries`. The copies of 16
/// queries, or of `how.at_once` if these are more, are in memory at a time.
[[nodiscard]] WarpedMatches match_warped(const Backbone& backbone, const FeatureBlock& queries,
                                         const PromptCopies& prompt, CopyMaker& maker,
                                         const ForwardOptions& how, const MatchImages& match);

}  // namespace patchead::inline pipeline_detail
