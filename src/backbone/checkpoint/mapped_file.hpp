#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>

#include "patchead/core/error.hpp"

/// \file
/// \brief Checkpoint files as bytes of the address space, with every access checked.

namespace patchead::inline backbone_detail {

using Bytes = std::span<const std::byte>;

/// A whole file, mapped read-only. Pages come from disk when touched and can be given back, so a
/// checkpoint need not lie in memory twice.
class MappedFile {
  public:
    /// Throws UnreadableError (`fail_to_read`), or WeightsError if it is no file or empty.
    explicit MappedFile(std::filesystem::path path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] Bytes bytes() const { return bytes_; }

    /// Bytes `[offset, offset + size)`. Throws WeightsError with `what` and the offset if they are
    /// not all in the file.
    [[nodiscard]] Bytes slice(std::uint64_t offset, std::uint64_t size, const char* what) const;

    /// Gives back the memory of these bytes of the file; they are read again when touched.
    void release(Bytes bytes) const;

    /// The little-endian number at `offset`. Throws as `slice`.
    template <class Number>
    [[nodiscard]] Number number(std::uint64_t offset, const char* what) const {
        Number value{};
        std::memcpy(&value, slice(offset, sizeof value, what).data(), sizeof value);
        return value;
    }

    /// Throws WeightsError "damaged checkpoint '<file>' (<reason>); <what to do>" unless `ok`.
    template <class... Parts>
    void check(bool ok, const Parts&... reason) const {
        require<WeightsError>(ok, "damaged checkpoint '", path_.string(), "' (", concat(reason...),
                              "); download or export it again");
    }

  private:
    std::filesystem::path path_;
    Bytes bytes_;
};

}  // namespace patchead::inline backbone_detail
