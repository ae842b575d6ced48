#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

/// \file
/// \brief Files of which something is known of how large they can be.
///
/// Neither here nor in `read_text` and `read_pieces` of core/files.hpp is a pipe or a device read,
/// of which there may be no end, unless a shell hands one over (`/dev/fd/63`, `/dev/stdin`).

namespace patchead {

/// The most bytes of a picture, and of a text about data.
inline constexpr std::uint64_t kMostPictureBytes = std::uint64_t{1} << 30U;
inline constexpr std::uint64_t kMostDataTextBytes = std::uint64_t{1} << 26U;

/// All bytes of `path`. Throws as `fail_to_read`, and UnreadableError, before memory is taken, if
/// there are more than `most_bytes`.
[[nodiscard]] std::string read_text(const std::filesystem::path& path, std::uint64_t most_bytes);

}  // namespace patchead
