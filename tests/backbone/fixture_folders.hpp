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

/// All folders below `root` that are a network's fixture.
inline std::vector<std::filesystem::path> network_fixtures(const std::filesystem::path& root) {
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        const auto folder = entry.path().parent_path();
        const bool is_network =
            std::ranges::any_of(std::filesystem::directory_iterator(folder), [](const auto& file) {
                return file.path().filename().string().starts_with("weights");
            });
        if (entry.path().filename() == "outputs.safetensors" && is_network) {
            folders.push_back(folder);
        }
    }
    std::ranges::sort(folders);
    return folders;
}

/// Fixtures of the reference library, a folder for each family; none where it is not at hand.
inline std::vector<std::filesystem::path> reference_families() {
    const char* shared = std::getenv("PATCHEAD_SHARED");
    std::vector<std::filesystem::path> folders;
    if (shared == nullptr) { return folders; }
    for (const auto* part : {"parity", "parity_more"}) {
        const auto root = std::filesystem::path(shared) / part;
        if (!std::filesystem::exists(root)) { continue; }
        for (const auto& entry : std::filesystem::directory_iterator(root)) {
            if (entry.is_directory() && !network_fixtures(entry.path()).empty()) {
                folders.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(folders);
    return folders;
}

}  // namespace patchead::test
