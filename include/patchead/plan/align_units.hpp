#pragma once

#include <cstddef>
#include <vector>

#include "patchead/core/key.hpp"

/// \file
/// \brief Units that estimate where images lie in others.

namespace patchead {

/// A source image and the target into whose position it is brought; numbers of samples.
struct AlignPair {
    std::size_t source = 0;
    std::size_t target = 0;
};

/// Place of a pair's alignment.
struct PairRef {
    std::size_t align = 0;
    std::size_t pair = 0;
};

/// Estimates of where some images lie in others; no backbone has a part in them.
struct AlignUnit {
    std::vector<AlignPair> pairs;
    ArtifactKey key;
};

}  // namespace patchead
