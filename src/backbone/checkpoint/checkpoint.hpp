#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/tensor_view.hpp"

namespace patchead::inline backbone_detail {

/// The state dictionary in a checkpoint file, whatever the file's format.
struct Checkpoint {
    std::shared_ptr<const MappedFile> file;
    std::string path;    ///< Of the dictionary in the file that holds the keys: "state_dict.".
    std::string prefix;  ///< Taken off all keys of `tensors`, e.g. "visual.".
    std::map<std::string, TensorView> tensors;
    /// Full keys of what is not the network's: what they hold. Not dropped silently: a family knows
    /// them, or the user is told.
    std::map<std::string, std::string> others;
    /// Paths and prefixes of networks that are not meant: "student.backbone.".
    std::vector<std::string> other_networks;
};

/// How a tensor outside the network's prefix is described in `Checkpoint::others`.
inline constexpr std::string_view kATensor = "a tensor";

/// Keys by which a network is known, without its prefix.
struct Landmark {
    std::string marker;  ///< A key.
    std::string block;   ///< What keys of its first block begin with.
};

/// Reads safetensors and torch.save files, told apart by their first bytes.
///
/// Whatever stands before the marker of a landmark is a prefix, if the block is there, too: names
/// of dictionaries that lie in each other ("state_dict", "teacher") and parts of keys ("module.",
/// "_orig_mod.", "backbone."). Of several networks a student's or an averaged one (`model_ema`) is
/// not meant, unless `averaged` asks for the latter.
/// Without a landmark in the file it unwraps the dictionaries `model`, `module`, `state_dict`,
/// `weights`, `teacher` (before them `model_ema` if `averaged`) and takes the prefixes `module.`,
/// `backbone.`, `visual.`, `vit.` off the keys, in this order; where some keys have a prefix and
/// others have not, those that have it are the network's.
/// Throws WeightsError that names the file and says what is wrong with it, also if several networks
/// could be meant.
[[nodiscard]] Checkpoint read_checkpoint(const std::filesystem::path& path, bool averaged = false,
                                         std::span<const Landmark> landmarks = {});

}  // namespace patchead::inline backbone_detail
