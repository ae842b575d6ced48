#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

/// \file
/// \brief Files in memory, for a store that leaves nothing on a disk.

namespace patchead {

/// Files by their place, e.g. "features/3f/3f....h5": never changed, and shared by copies. From any
/// thread.
class HeldFiles {
  public:
    using Bytes = std::shared_ptr<const std::string>;

    HeldFiles() = default;
    explicit HeldFiles(std::map<std::string, Bytes> files) : files_(std::move(files)) {}

    /// Null if there is none.
    [[nodiscard]] Bytes find(const std::string& place) const;
    void put(const std::string& place, std::string bytes);
    /// All that there are now, by place.
    [[nodiscard]] std::map<std::string, Bytes> all() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, Bytes> files_;
};

}  // namespace patchead
