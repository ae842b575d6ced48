#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

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
    /// The artifact in `folder` that serves `key`: the one with just its tokens, else the one with
    /// the fewest layers, of several the first by name. Nothing if there is none.
    [[nodiscard]] std::optional<ArtifactKey> find(const std::filesystem::path& folder,
                                                  const ArtifactKey& key);
    /// From now on the one with `tokens` serves, as long as it is there.
    void choose(const ArtifactKey& key, TokenRequest tokens);

  private:
    std::mutex mutex_;
    std::map<std::string, TokenRequest> chosen_;  ///< By the name that was asked for.
};

}  // namespace patchead::inline cache_detail
