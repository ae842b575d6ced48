#include "patchead/core/shipped.hpp"

#include <array>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Folders that may hold parts: the prefix of an installation, or the top of a source tree.
std::vector<fs::path> homes() {
    std::error_code ignored;
    const auto binary = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    std::vector<fs::path> found{binary.parent_path()};
    if (const char* home = std::getenv("PATCHEAD_HOME"); home != nullptr && *home != '\0') {
        found.emplace_back(home);
    }
    for (auto folder = binary; folder.has_relative_path(); folder = folder.parent_path()) {
        found.push_back(folder);
    }
    return found;
}

}  // namespace

fs::path find_shipped(std::string_view part, const fs::path& file) {
    // Of an installation; of a source tree, which has backbones among its configs.
    constexpr auto kFolders =
        std::to_array<std::string_view>({"share/patchead", "libexec/patchead", "", "configs"});
    std::error_code ignored;
    for (const auto& home : homes()) {
        for (const auto folder : kFolders) {
            auto path = home / folder / part / file;
            if (fs::exists(path, ignored)) { return path; }
        }
    }
    return {};
}

}  // namespace patchead
