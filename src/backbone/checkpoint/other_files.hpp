#pragma once

#include "checkpoint/mapped_file.hpp"

namespace patchead::inline backbone_detail {

/// Throws WeightsError that calls the file what it is, with the mend, if its first bytes are those
/// of something that people take for a checkpoint: a Git LFS pointer, a web page, a list of shards,
/// an archive, another program's format.
void refuse_other_files(const MappedFile& file);

}  // namespace patchead::inline backbone_detail
