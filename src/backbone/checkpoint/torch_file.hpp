#pragma once

#include "checkpoint/pickle.hpp"
#include "checkpoint/zip_archive.hpp"

namespace patchead::inline backbone_detail {

/// What a PyTorch file holds. Its code, if it is a TorchScript module, is never looked at.
struct TorchFile {
    Pickle pickle;
    bool is_module = false;
};

/// What `torch.save` or `torch.jit.save` wrote to `archive` of `file`: a pickle and the storages.
///
/// Only collections.OrderedDict, torch._utils._rebuild_tensor_v2 and _rebuild_parameter and the
/// storage classes mean something; all else comes back as PickleOpaque, and nothing is executed.
/// Throws WeightsError that names file and offset or tensor.
[[nodiscard]] TorchFile read_torch_file(const MappedFile& file, const ZipArchive& archive);
[[nodiscard]] TorchFile read_torch_file(const MappedFile& file);

}  // namespace patchead::inline backbone_detail
