#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// \file
/// \brief Gzip files and deflated bytes, read.

namespace patchead {

/// Whether `bytes` begin as a gzip file does.
[[nodiscard]] bool is_gzip(std::string_view bytes);

/// What the gzip file `bytes`, called `name` in messages, holds; bytes behind its end do not count.
/// Throws DataError that names it if it is damaged or ends early, or holds more than `most_bytes`.
/// Source: RFC 1952.
[[nodiscard]] std::string gunzip(std::string_view bytes, const std::string& name,
                                 std::size_t most_bytes);

/// The same for bytes that are deflated without a frame, as an entry of a zip file is.
/// Source: RFC 1951.
[[nodiscard]] std::string inflate(std::string_view bytes, const std::string& name,
                                  std::size_t most_bytes);

/// The first `most_bytes` of it, or all if there are fewer, to see what the rest will be.
[[nodiscard]] std::string inflate_front(std::string_view bytes, const std::string& name,
                                        std::size_t most_bytes);

}  // namespace patchead
