#include "checkpoint/zip_archive.hpp"

#include "patchead/core/user_text.hpp"
#include "patchead/core/zip_directory.hpp"

namespace patchead {

ZipArchive::ZipArchive(const MappedFile& file) {
    for_each_zip_entry(file, [&](const ZipEntry& entry) {
        // TorchScript packs its code, which is never looked at.
        if (entry.name.find("/code/") != std::string::npos) {
            entries_.emplace(entry.name, Bytes{});
            return;
        }
        require<WeightsError>(
            entry.method == 0 && !entry.is_encrypted && entry.size == entry.stored,
            "cannot read checkpoint '", file.path().string(),
            "' (it is a zip archive whose entry '", escaped_name(entry.name),
            "' is compressed or encrypted, which torch.save and numpy.savez never do); unpack it "
            "and give the weights file in it, or save arrays again with numpy.savez");
        file.check(entries_.emplace(entry.name, stored_content(file, entry)).second, "entry '",
                   entry.name, "' occurs twice");
    });
}

}  // namespace patchead
