#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// \file
/// \brief Looking after a store: what is in it, what is damaged, what can go. Safe while sweeps
/// use it: they make again what they miss.

namespace patchead {

/// A file of a store.
struct StoredFile {
    std::filesystem::path path;
    std::string kind;  ///< "features", "match", "result", ...
    std::uint64_t bytes = 0;
    std::filesystem::file_time_type used;  ///< Made, or needed by a sweep, whichever is later.
    std::string tokens{};  ///< What features hold beside embeddings: "L3-6.norm.image".
};

[[nodiscard]] std::uint64_t total_bytes(const std::vector<StoredFile>& files);

/// What lies in a store, sorted by path. Files that vanish meanwhile are left out.
struct StoreContent {
    std::vector<StoredFile> artifacts;
    std::vector<StoredFile> damaged;  ///< Set aside, `*.damaged`.
    std::vector<StoredFile> temporary;
    /// What could not be looked at: "cannot read 'FILE' (REASON); MEND". All of the above are
    /// without what may lie there.
    std::vector<std::string> unreadable;
};
/// Throws CacheError if `store` is no folder.
[[nodiscard]] StoreContent list_store(const std::filesystem::path& store);

/// What is wrong with an artifact, all checksums read; nothing if it is whole or not there. The
/// name of the file must be the digest of the key in it. Throws UnreadableError if the system would
/// not read it.
[[nodiscard]] std::optional<std::string> find_damage(const std::filesystem::path& artifact);

/// Renames a damaged artifact to `<file>.damaged`. Returns the new path. Throws CacheError.
std::filesystem::path quarantine(const std::filesystem::path& artifact);

/// "damaged: FILE (REASON); set aside as NAME" of an artifact that was damaged and is quarantined
/// now; empty for one that is whole or not there. Throws UnreadableError, and leaves it where it
/// is, if the system would not read it; CacheError if it cannot be renamed.
[[nodiscard]] std::string quarantine_if_damaged(const std::filesystem::path& artifact);

/// Notes that an artifact is in use. Failing (a store of somebody else) does no harm.
void mark_used(const std::filesystem::path& artifact);

/// A size as users give it: "500M", "1.5T", "20GiB", bytes without a unit; powers of 1024.
/// Throws ConfigError that names `option`.
[[nodiscard]] std::uint64_t parse_size(const std::string& option, const std::string& text);
/// "1.4 GiB".
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// Which of `candidates` to remove, least recently used first, so that `total` bytes come down to
/// `limit`; those whose path is in `needed` stay.
[[nodiscard]] std::vector<StoredFile> choose_evictions(
    std::vector<StoredFile> candidates, std::uint64_t total, std::uint64_t limit,
    const std::set<std::filesystem::path>& needed);

}  // namespace patchead
