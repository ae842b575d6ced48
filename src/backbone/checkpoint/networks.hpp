#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.hpp"

/// \file
/// \brief Which of the networks in a checkpoint file is meant, and below which prefix its keys
/// stand.

namespace patchead::inline backbone_detail {

/// Keys by which a network is known, without its prefix.
struct Landmark {
    std::string marker;  ///< A key.
    std::string block;   ///< What keys of its first block begin with.
};

/// A network and what else its file holds.
struct NetworkFile {
    Checkpoint checkpoint;
    std::string path;  ///< Of the dictionary in the file that holds its keys: "state_dict.".
    /// Paths and prefixes of networks that are not meant: "student.backbone.".
    std::vector<std::string> other_networks;
};

/// How a tensor outside the network's prefix is described in `Checkpoint::others`.
inline constexpr std::string_view kATensor = "a tensor";

/// As `read_checkpoint`, but a network that has a landmark is found below any prefix: whatever
/// stands before the marker, if the block is there, too. Names of dictionaries that lie in each
/// other
/// ("state_dict", "teacher") count as parts of keys ("module.", "_orig_mod.", "backbone."). Of
/// several networks a student's or an averaged one (`model_ema`) is not meant, unless `averaged`
/// asks for the latter. Throws WeightsError also if several could be meant.
[[nodiscard]] NetworkFile read_network(const std::filesystem::path& path, bool averaged,
                                       std::span<const Landmark> landmarks);

/// What a user should know: which of several networks is used, and tensors outside its prefix that
/// match none of `known` (patterns as in the shell); else empty.
[[nodiscard]] std::string note_on(const NetworkFile& file, std::span<const std::string_view> known);

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

/// The one that is meant, as `read_network` says; null if several could be.
[[nodiscard]] const FoundNetwork* choose_network(std::span<const FoundNetwork> networks,
                                                 bool averaged);

}  // namespace patchead::inline backbone_detail
