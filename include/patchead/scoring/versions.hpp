#pragma once

#include <functional>
#include <span>
#include <string>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Aligned copies in match tensors: which references count, and versions made into one.

namespace patchead {

/// Says whether a reference counts, by its id and version.
using ReferenceFilter = std::function<bool(const std::string& id, Version version)>;

/// Those references of `parts`, tensors of the same queries, that `wanted` accepts, side by side.
/// Throws DataError if the parts have other queries or grids.
[[nodiscard]] MatchTensor join_references(std::span<const MatchTensor> parts,
                                          const ReferenceFilter& wanted);

/// How the versions of a reference become one.
///  * extreme: by the patch that `reduce` looks for, over all versions
///  * mean: the mean of their similarities, summed in double
enum class MergeVersions { extreme, mean };

/// One reference for each id, in the order of first appearance, as an original.
/// An entry that is NaN in one version (query and reference are one image) stays NaN.
[[nodiscard]] MatchTensor merge_versions(const MatchTensor& matches, MergeVersions how,
                                         Reduce reduce);

}  // namespace patchead
