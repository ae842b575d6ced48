#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief A user's photos: which files there are, and their samples.

namespace patchead {

/// A photo that could not be used, and why.
struct UnreadPhoto {
    std::string path;
    std::string reason;

    bool operator==(const UnreadPhoto&) const = default;
};

/// What lies in some folders.
struct PhotoList {
    std::vector<std::filesystem::path> photos;  ///< In bytewise order, each once.
    std::vector<UnreadPhoto> unread;            ///< HEIC, RAW and the like; what is not there.
    std::size_t others = 0;                     ///< Files that are no pictures.
    std::string example;                        ///< One of them.
    std::size_t folders = 0;                    ///< Folders that were not looked into.
};

/// Whether `name` ends as an image that is read here: as those of data sets, or in ".webp".
[[nodiscard]] bool is_photo_name(const std::filesystem::path& name);

/// The photos that `places` name, files and folders; with `below` those in folders within these,
/// too, but for the folder `except`. Hidden files are passed over. What is named and not there is
/// among the unread. Throws DataError if a folder cannot be listed.
[[nodiscard]] PhotoList list_photos(std::span<const std::string> places, bool below,
                                    const std::filesystem::path& except = {});

/// Which part a photo has.
enum class PhotoRole { prompt, query };

/// What data sets and categories of photos are called where results of sweeps have such names.
inline constexpr const char* kPhotoDataset = "folder";

/// "<category>/train/good/<name>" or "<category>/test/photo/<name>".
[[nodiscard]] std::string photo_id(const std::string& name, const std::string& category,
                                   PhotoRole role);

/// The sample of a photo, with its bytes, digest and size; `upright` by its Exif orientation.
/// Throws DataError or UnreadableError that names the file if its structure is not whole.
[[nodiscard]] Sample read_photo(const std::filesystem::path& file, const std::string& name,
                                const std::string& category, PhotoRole role, bool upright);

}  // namespace patchead
