#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "patchead/cache/held_files.hpp"
#include "patchead/core/key.hpp"

/// \file
/// \brief Which of several feature artifacts with one digest serves who asks for some tokens.
/// Private to the cache layer.

namespace patchead::inline cache_detail {

/// Whether there is something at `path`. True, too, if the system does not let us look.
[[nodiscard]] bool is_there(const std::filesystem::path& path);

/// Finds artifacts and remembers them, so that what a process reads of one, and says of it, is of
/// that one as long as it is there. From any thread.
class Serving {
  public:
    /// `files`: where they lie, unless it is null: then on a disk.
    explicit Serving(std::shared_ptr<const HeldFiles> files) : files_(std::move(files)) {}

    /// The artifact in `folder` that serves `key`: the one with just its tokens, else the one with
    /// the fewest layers, of several the first by name. Nothing if there is none.
    [[nodiscard]] std::optional<ArtifactKey> find(const std::filesystem::path& folder,
                                                  const ArtifactKey& key);
    /// From now on the one with `tokens` serves, as long as it is there.
    void choose(const ArtifactKey& key, TokenRequest tokens);

    [[nodiscard]] bool has(const std::filesystem::path& path) const;

  private:
    [[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& folder) const;
    [[nodiscard]] std::optional<TokenRequest> best_in(const std::filesystem::path& folder,
                                                      const ArtifactKey& key) const;

    std::shared_ptr<const HeldFiles> files_;
    std::mutex mutex_;
    std::map<std::string, TokenRequest> chosen_;  ///< By the name that was asked for.
};

}  // namespace patchead::inline cache_detail
