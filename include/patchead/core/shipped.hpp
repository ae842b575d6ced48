#pragma once

#include <filesystem>
#include <string_view>

/// \file
/// \brief Files that come with the program: weights, configs, Python, batch scripts.

namespace patchead {

/// The path of `file` in `part` ("backbones", "configs", "analysis", "slurm") of what comes with
/// the program; empty if it is nowhere.
///
/// Looked for around the binary (an installation: `<prefix>/share/patchead/<part>`, Python in
/// `<prefix>/libexec/patchead/<part>`), then in $PATCHEAD_HOME, a prefix or a source tree, then in
/// the source tree that the binary was built in: the nearest folder above it that has the file.
[[nodiscard]] std::filesystem::path find_shipped(std::string_view part,
                                                 const std::filesystem::path& file);

/// Why `find_shipped` may have found nothing and what to do, for the end of a message: a binary
/// that was copied away from its installation lacks what came with it.
inline constexpr std::string_view kNotShipped =
    "it comes with patchead: run the program where it was installed or built, or set PATCHEAD_HOME "
    "to that prefix or source tree";

}  // namespace patchead
