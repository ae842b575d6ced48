#pragma once

#include <map>
#include <string>

#include "checkpoint/tensor_view.hpp"
#include "checkpoint/zip_archive.hpp"

namespace patchead::inline backbone_detail {

/// Whether an archive is one of numpy.savez: all its entries are arrays.
[[nodiscard]] bool is_npz(const ZipArchive& archive);

/// The arrays of such an archive by their names without `.npy`.
///
/// Throws WeightsError that names file and array for a header that NumPy does not write, numbers
/// of another type (objects, which are pickles, among them) or byte order, or too few of them.
/// Headers are read by core/npy.hpp.
[[nodiscard]] std::map<std::string, TensorView> read_npz(const MappedFile& file,
                                                         const ZipArchive& archive);

}  // namespace patchead::inline backbone_detail
