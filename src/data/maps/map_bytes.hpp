#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "patchead/core/error.hpp"

/// \file
/// \brief The bytes of a map's file, read with bounds. Private to the data layer.

namespace patchead::inline data_detail {

/// Throws DataError "the map '<file>' <problem> (<why>); <what to do>" unless `ok`.
template <class... Parts>
void require_map(bool ok, const std::string& name, const Parts&... parts) {
    require<DataError>(ok, "the map '", name, "' ", concat(parts...));
}

/// As core/zip_directory.hpp wants a file.
class MapBytes {
  public:
    MapBytes(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

    [[nodiscard]] std::string_view bytes() const { return bytes_; }

    [[nodiscard]] std::string_view slice(std::uint64_t offset, std::uint64_t size,
                                         const char* what) const {
        check(offset <= bytes_.size() && size <= bytes_.size() - offset, what, " of ", size,
              " bytes at byte ", offset, " goes beyond its end at byte ", bytes_.size());
        return bytes_.substr(offset, size);
    }
    template <class Number>
    [[nodiscard]] Number number(std::uint64_t offset, const char* what) const {
        Number value{};
        std::memcpy(&value, slice(offset, sizeof value, what).data(), sizeof value);
        return value;
    }
    template <class... Parts>
    void check(bool ok, const Parts&... reason) const {
        require_map(ok, name_, "is damaged (", concat(reason...), "); write or copy it again");
    }

  private:
    std::string_view bytes_;
    const std::string& name_;
};

/// A map has no more pixels than this: 11585 x 11585.
inline constexpr std::int64_t kMostMapPixels = std::int64_t{1} << 27;
/// Its file no more bytes: pixels of 64 bits, and what is around them.
inline constexpr std::uint64_t kMostMapBytes = (std::uint64_t{1} << 30) + (std::uint64_t{1} << 20);

}  // namespace patchead::inline data_detail
