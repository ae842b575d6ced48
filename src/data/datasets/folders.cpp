#include "datasets/folders.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead::inline data_detail {
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

/// Not std::tolower: it depends on the locale.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether the system has said that something is not there, or nobody's business. Otherwise it
/// could not say: images or masks that are taken to be absent then would change numbers unseen.
bool is_answer(const std::error_code& error) {
    constexpr auto kAnswers = std::to_array<std::errc>(
        {std::errc::no_such_file_or_directory, std::errc::not_a_directory,
         std::errc::permission_denied, std::errc::operation_not_permitted,
         std::errc::too_many_symbolic_link_levels, std::errc::filename_too_long});
    return !error || std::ranges::any_of(kAnswers, [&](std::errc one) { return error == one; });
}

void require_answer(const fs::path& path, const std::error_code& error) {
    if (!is_answer(error)) { fail_to_read(path, error.value()); }
}

/// Without asking the file system where the listing has said it already (not for links).
bool is_listed_folder(const fs::directory_entry& entry) {
    std::error_code error;
    const bool is_one = entry.is_directory(error);
    require_answer(entry.path(), error);
    return is_one;
}

}  // namespace

bool has_image_suffix(const fs::path& file) {
    constexpr std::array<std::string_view, 6> suffixes{".png", ".jpg", ".jpeg",
                                                       ".bmp", ".tif", ".tiff"};
    const auto suffix = file.extension().string();
    return std::ranges::any_of(suffixes,
                               [&](auto known) { return same_in_any_case(suffix, known); });
}

bool same_in_any_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

fs::path child_in_any_case(const fs::path& folder, std::string_view name) {
    if (is_folder(folder / name) || !is_folder(folder)) { return folder / name; }
    for (const auto& other : subfolders(folder)) {
        if (same_in_any_case(other, name)) { return folder / other; }
    }
    return folder / name;
}

bool is_folder(const fs::path& path) {
    std::error_code error;
    const bool is_one = fs::is_directory(path, error);
    require_answer(path, error);
    return is_one;
}

bool can_list(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator listing(folder, error);
    require_answer(folder, error);
    return !error;
}

std::vector<std::string> subfolders(const fs::path& folder) {
    constexpr std::size_t most = 20'000;  // The largest data set here has thirty categories.
    std::size_t count = 0;
    return list(folder, [&](const fs::directory_entry& entry) {
        if (!is_listed_folder(entry)) { return false; }
        require<DataError>(++count <= most, "the folder '", folder.string(), "' has more than ",
                           most, " folders in it, as no data set has; give the folder of one");
        return true;
    });
}

std::vector<std::string> files_in(const fs::path& folder) {
    return list(folder, [](const fs::directory_entry& entry) { return !is_listed_folder(entry); });
}

std::vector<fs::path> image_files(const fs::path& folder) {
    const auto is_image = [](const fs::directory_entry& entry) {
        return has_image_suffix(entry.path()) && !is_listed_folder(entry);
    };
    std::vector<fs::path> files;
    for (const auto& name : list(folder, is_image)) { files.push_back(folder / name); }
    return files;
}

bool ImageListings::contains(const fs::path& file) {
    const auto folder = file.parent_path();
    if (folders_.insert(folder.native()).second && is_folder(folder)) {
        for (const auto& found : image_files(folder)) { files_.insert(found.native()); }
    }
    return files_.contains(file.native());
}

}  // namespace patchead::inline data_detail
