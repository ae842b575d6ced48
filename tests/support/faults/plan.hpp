#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// \file
/// \brief What the preloaded library is to do, from the environment of a run, and what it has seen.
///
///     PATCHEAD_FAULT_FOLDERS  which files count: those at or below these paths, between colons
///     PATCHEAD_FAULT_STATE    a file of counters that the processes of a run share: as many 64-bit
///                             numbers as there are kinds, and one that says that something failed
///     PATCHEAD_FAULT          KIND:N:FAULT, the N-th call of a kind (from 1) in all processes
///                             fails. FAULT is a name of errno, or `short`: half of the bytes are
///                             read or written. With a + behind it a disk or a network is gone from
///                             then on: other calls that it concerns fail, too
///     PATCHEAD_FAULT_LOG      gets a line for each call that failed: KIND N FAULT PATH

namespace patchead::faults {

/// Calls are counted by these. `create` and `append` are opens that may make a file.
enum class Kind : unsigned char {
    open,
    create,
    read,
    write,
    sync,
    close,
    rename,
    unlink,
    map,
    truncate,
    mkdir,
    link,
    list,
    stat
};
inline constexpr std::array<std::string_view, 14> kKinds{
    "open",   "create", "read",     "write", "sync", "close", "rename",
    "unlink", "map",    "truncate", "mkdir", "link", "list",  "stat"};

/// How a call is to end.
struct Verdict {
    int error = 0;          ///< Of errno; 0: as ever.
    bool is_short = false;  ///< Of half of its bytes.
};

/// Whether `path` is one that counts.
[[nodiscard]] bool is_watched(std::string_view path);

/// Counts a call on `path` and says what is to come of it.
[[nodiscard]] Verdict judge(Kind kind, const std::string& path);

}  // namespace patchead::faults
