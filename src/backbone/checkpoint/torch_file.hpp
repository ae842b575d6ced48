#pragma once

#include "checkpoint/pickle.hpp"

namespace patchead::inline backbone_detail {

/// What `torch.save` wrote to `file` (a zip archive with a pickle and the storages).
///
/// Only collections.OrderedDict, torch._utils._rebuild_tensor_v2 and _rebuild_parameter and the
/// storage classes mean something; all else comes back as PickleOpaque, and nothing is executed.
/// Throws WeightsError that names file and offset or tensor.
[[nodiscard]] Pickle read_torch_file(const MappedFile& file);

}  // namespace patchead::inline backbone_detail
