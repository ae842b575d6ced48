#include "folders.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// The names in `folder` that are not hidden and of which `wanted` is true, sorted bytewise.
template <class Wanted>
std::vector<std::string> list(const fs::path& folder, Wanted wanted) {
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        auto name = entry->path().filename().string();
        if (!name.starts_with('.') && wanted(*entry)) { names.push_back(std::move(name)); }
    }
    require<DataError>(!error, "cannot list the folder '", folder.string(), "' (", error.message(),
                       "); check the path and its permissions");
    std::ranges::sort(names);
    return names;
}

bool has_image_suffix(const fs::path& file) {
    constexpr std::array<std::string_view, 6> suffixes{".png", ".jpg", ".jpeg",
                                                       ".bmp", ".tif", ".tiff"};
    auto suffix = file.extension().string();
    // Not std::tolower: it depends on the locale.
    for (auto& c : suffix) {
        if (c >= 'A' && c <= 'Z') { c = static_cast<char>(c - 'A' + 'a'); }
    }
    return std::ranges::find(suffixes, suffix) != suffixes.end();
}

}  // namespace

bool is_folder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

bool can_list(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator listing(folder, error);
    return !error;
}

std::vector<std::string> subfolders(const fs::path& folder) {
    return list(folder, [](const fs::directory_entry& entry) { return is_folder(entry.path()); });
}

std::vector<fs::path> image_files(const fs::path& folder) {
    const auto is_image = [](const fs::directory_entry& entry) {
        return has_image_suffix(entry.path()) && !is_folder(entry.path());
    };
    std::vector<fs::path> files;
    for (const auto& name : list(folder, is_image)) { files.push_back(folder / name); }
    return files;
}

}  // namespace patchead
