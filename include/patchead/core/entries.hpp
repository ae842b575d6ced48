#pragma once

#include <filesystem>
#include <system_error>
#include <vector>

/// \file
/// \brief Listing a folder where that may fail.

namespace patchead {

/// What is in `folder`; where it cannot be listed to its end, what was listed till then, and why in
/// `error`. An iterator in a `for` would throw then, without the name of the folder.
[[nodiscard]] std::vector<std::filesystem::directory_entry> entries_of(
    const std::filesystem::path& folder, std::error_code& error);

}  // namespace patchead
