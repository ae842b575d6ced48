#pragma once

#include <limits>

/// \file
/// \brief What a query costs at a point.

namespace patchead {

/// By reckoning, of shapes alone: the same on every machine. NaN where it is not known.
struct PointCost {
    double network_flop =
        std::numeric_limits<double>::quiet_NaN();  ///< Its passes and its copies'.
    double scoring_flop = std::numeric_limits<double>::quiet_NaN();  ///< Everything after that.
    /// What references are kept as: features, or a model. In a batch the features of the others.
    double memory_bytes = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace patchead
