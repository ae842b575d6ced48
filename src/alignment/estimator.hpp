#pragma once

#include <any>
#include <optional>
#include <span>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "view.hpp"

/// \file
/// \brief Those who propose how one image lies in another.

namespace patchead::inline alignment_detail {

/// What speaks for a proposal made from keypoints.
struct Support {
    int matches = 0;
    int inliers = 0;
};

/// How the source may lie in the target. Nothing is promised: judge.hpp has the tests.
struct Proposal {
    Transform transform;  ///< Of the model asked for.
    double scale = 1;     ///< As estimated, whatever the model.
    std::optional<Support> support;
};

/// One way of making proposals; a line of estimators.def.
struct Estimator {
    AlignEstimator option;
    /// What there is to know of one image.
    std::any (*look)(const View& view);
    /// Proposals from what `look` gave for two images; none if there is nothing to go by.
    std::vector<Proposal> (*propose)(const std::any& source, const std::any& target,
                                     AlignModel model);
    bool in_automatic;  ///< Whether AlignEstimator::automatic asks this one, too.
};

/// Those whom `option` asks; nobody for the identity.
[[nodiscard]] std::vector<const Estimator*> estimators_of(AlignEstimator option);

}  // namespace patchead::inline alignment_detail
