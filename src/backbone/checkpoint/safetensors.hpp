#pragma once

#include <map>
#include <string>

#include "checkpoint/tensor_view.hpp"

namespace patchead::inline backbone_detail {

/// The tensors of a safetensors file: 8 bytes header length, JSON header, data.
///
/// Throws WeightsError that names file and key or offset for a header that is too long or not
/// JSON, a repeated key, an unknown type, or data that overlap, leave a gap, do not fit their
/// shape or end beyond the file.
/// Source: https://github.com/huggingface/safetensors, README, "Format".
[[nodiscard]] std::map<std::string, TensorView> read_safetensors(const MappedFile& file);

}  // namespace patchead::inline backbone_detail
