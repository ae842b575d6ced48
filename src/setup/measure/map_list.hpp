#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// \file
/// \brief The list of `patchead measure`: which map is whose, and scores of images. Private to the
/// setup layer.

namespace patchead::inline setup_detail {

/// A line of a list.
struct ListedMap {
    std::size_t line = 0;  ///< From 1.
    std::string image;
    std::string map;  ///< Empty if the list has no maps.
    std::optional<float> score{};
};

/// What a list says.
struct MapList {
    bool has_maps = false;
    bool has_scores = false;
    std::vector<ListedMap> lines;
};

/// Reads a CSV file with a head that names the columns `image` and `map`, `score` or both, in any
/// order. Throws ConfigError that names file and line.
[[nodiscard]] MapList read_map_list(const std::filesystem::path& file);

}  // namespace patchead::inline setup_detail
