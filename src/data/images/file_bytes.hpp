#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "patchead/core/error.hpp"

/// \file
/// \brief The bytes of an image file, read with bounds.

namespace patchead::inline data_detail {

/// The bytes of a file, with its name for the message when they end too early.
class FileBytes {
  public:
    FileBytes(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] const std::string& name() const { return name_; }

    [[nodiscard]] std::string_view text(std::size_t at, std::size_t size) const {
        check(at <= bytes_.size() && size <= bytes_.size() - at, "it ends too early");
        return bytes_.substr(at, size);
    }
    [[nodiscard]] std::uint32_t byte(std::size_t at) const {
        return static_cast<unsigned char>(text(at, 1)[0]);
    }
    [[nodiscard]] std::uint32_t big_endian(std::size_t at, std::size_t size) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) { value = (value << 8) | byte(at + i); }
        return value;
    }
    [[nodiscard]] std::uint32_t little_endian(std::size_t at, std::size_t size) const {
        std::uint32_t value = 0;
        for (std::size_t i = size; i > 0; --i) { value = (value << 8) | byte(at + i - 1); }
        return value;
    }
    [[nodiscard]] std::string_view rest(std::size_t at) const { return bytes_.substr(at); }

    void check(bool ok, std::string_view reason) const {
        require<DataError>(ok, "the image file '", name_, "' is damaged (", reason,
                           "); copy or unpack it again");
    }

  private:
    std::string_view bytes_;
    const std::string& name_;
};

/// Refuses a sound file: "<file> has <what>".
inline void require_usable(bool ok, const std::string& name, std::string_view what) {
    require<DataError>(ok, "the image file '", name, "' has ", what,
                       " (their scale is not defined, or they are not supported); convert it to 8 "
                       "or 16 bit without sign, all images of a data set with one fixed scale");
}

}  // namespace patchead::inline data_detail
