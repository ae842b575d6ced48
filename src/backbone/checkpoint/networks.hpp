#pragma once

#include <span>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.hpp"

/// \file
/// \brief Which of the networks in a checkpoint file is meant.

namespace patchead::inline backbone_detail {

/// Keys that lie in one dictionary of a file.
struct KeyGroup {
    std::string path;               ///< Of the dictionary: "state_dict.", or nothing.
    std::vector<std::string> keys;  ///< Of tensors.
};

/// A network in a file: what stands before its keys.
struct FoundNetwork {
    std::size_t group = 0;  ///< Of the file's.
    std::string prefix;     ///< In it: "module.backbone.".
    std::string name;       ///< Path and prefix.
};

/// All networks that have a landmark.
[[nodiscard]] std::vector<FoundNetwork> find_networks(std::span<const KeyGroup> groups,
                                                      std::span<const Landmark> landmarks);

/// The one that is meant, as `read_checkpoint` says; null if several could be.
[[nodiscard]] const FoundNetwork* choose_network(std::span<const FoundNetwork> networks,
                                                 bool averaged);

}  // namespace patchead::inline backbone_detail
