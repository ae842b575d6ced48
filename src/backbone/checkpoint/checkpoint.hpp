#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "checkpoint/tensor_view.hpp"

namespace patchead::inline backbone_detail {

/// The state dictionary in a checkpoint file, whatever the file's format.
struct Checkpoint {
    std::shared_ptr<const MappedFile> file;
    std::string prefix;  ///< Taken off all keys of `tensors`, e.g. "visual.".
    std::map<std::string, TensorView> tensors;
    /// Full keys of what is not the network's: what they hold. Not dropped silently, since a
    /// family must know them.
    std::map<std::string, std::string> others;
};

/// Reads safetensors, numpy.savez, torch.save and, where a landmark tells the network,
/// torch.jit.save files, told apart by what is in them.
///
/// Unwraps the dictionaries `model`, `module`, `state_dict`, `weights`, `teacher` (before them
/// `model_ema` if `averaged`) and takes the prefixes `module.`, `backbone.`, `visual.`, `vit.` off
/// the keys, in this order; where some keys have a prefix and others have not, those that have it
/// are the network's.
/// Throws WeightsError that names the file and says what is wrong with it.
[[nodiscard]] Checkpoint read_checkpoint(const std::filesystem::path& path, bool averaged = false);

}  // namespace patchead::inline backbone_detail
