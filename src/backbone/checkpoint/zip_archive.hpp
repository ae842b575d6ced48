#pragma once

#include <map>
#include <string>

#include "checkpoint/mapped_file.hpp"

namespace patchead::inline backbone_detail {

/// The entries of a zip file that are stored as they are, as torch.save writes them.
/// Checksums are left alone, as in LibTorch's own reader.
/// Its directory is read by core/zip_directory.hpp.
class ZipArchive {
  public:
    /// Throws WeightsError that names the file and the offset of what is wrong.
    explicit ZipArchive(const MappedFile& file);

    /// The content of each entry by its name. Valid as long as the file is mapped.
    [[nodiscard]] const std::map<std::string, Bytes>& entries() const { return entries_; }

  private:
    std::map<std::string, Bytes> entries_;
};

}  // namespace patchead::inline backbone_detail
