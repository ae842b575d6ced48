#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "h5/checked_data.hpp"
#include "h5/input_file.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief The two formats of files, what artifacts share, and reading that ends in a useful
/// message. Private.

namespace patchead::inline cache_detail {

/// Raise a schema when the layout changes: files of another schema are made again.
inline constexpr auto kArtifactFormat = "patchead artifact";
inline constexpr std::int32_t kArtifactSchema = 1;
inline constexpr std::string_view kExtension = ".h5";
inline constexpr auto kTableFormat = "patchead table";
inline constexpr std::int32_t kTableSchema = 1;

inline void write_grid(hid_t root, Grid grid) {
    h5::write_attribute(root, "grid_rows", grid.rows);
    h5::write_attribute(root, "grid_cols", grid.cols);
}

[[nodiscard]] inline Grid read_grid(hid_t root) {
    return {h5::read_number(root, "grid_rows"), h5::read_number(root, "grid_cols")};
}

/// What `read` makes of `path`. What goes wrong becomes a CacheError if there is no such file, an
/// UnreadableError if the system would not read it, a DamagedError if it did.
template <class Read>
auto telling(const std::filesystem::path& path, Read&& read) {
    try {
        return std::forward<Read>(read)();
    } catch (const h5::SystemFailure& failure) {
        require<CacheError>(failure.error != ENOENT && failure.error != ENOTDIR,
                            "there is no file '", path.string(),
                            "' (it was not made yet, or removed); run the sweep that makes it");
        fail_to_read(path, failure.error);
    } catch (const h5::Failure& failure) {
        throw DamagedError(concat("cannot use '", path.string(), "' (", failure.what(),
                                  "); remove it; the next run makes it again"));
    }
}

/// Gives the root of `path` to `body`. Throws as `telling`.
template <class Body>
auto read_h5(const std::filesystem::path& path, Body&& body) {
    return telling(path, [&] { return h5::read_file(path, std::forward<Body>(body)); });
}

/// The same of a file in memory; null: there is none.
template <class Body>
auto read_held(const std::filesystem::path& path, const std::string* bytes, Body&& body) {
    return telling(path, [&] {
        if (bytes == nullptr) { throw h5::SystemFailure(ENOENT); }
        h5::SystemFile system(*bytes);
        return h5::read_opened(path, system, std::forward<Body>(body));
    });
}

}  // namespace patchead::inline cache_detail
