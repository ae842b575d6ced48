#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

/// \file
/// \brief Where fixtures of networks lie.

namespace patchead::test {

inline std::filesystem::path source_folder() { return PATCHEAD_SOURCE_DIR; }
inline std::filesystem::path golden_folder() { return source_folder() / "tests/data/parity"; }

/// Fixtures of the reference library, a folder for each family; none where it is not at hand.
inline std::vector<std::filesystem::path> reference_families() {
    const char* shared = std::getenv("PATCHEAD_SHARED");
    const auto root = std::filesystem::path(shared != nullptr ? shared : "") / "parity";
    std::vector<std::filesystem::path> folders;
    if (shared == nullptr || !std::filesystem::exists(root)) { return folders; }
    for (const auto* family :
         {"mae", "dinov2_reg", "open_clip", "beitv2", "eva02", "pe_spatial", "dinov3"}) {
        folders.push_back(root / family);
    }
    return folders;
}

/// All folders below `root` that are a network's fixture.
inline std::vector<std::filesystem::path> network_fixtures(const std::filesystem::path& root) {
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.path().filename() == "outputs.safetensors") {
            folders.push_back(entry.path().parent_path());
        }
    }
    std::ranges::sort(folders);
    return folders;
}

}  // namespace patchead::test
