#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

/// \file
/// \brief Digests that say whether two things are the same.

namespace patchead {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::span<const std::byte> bytes);
    void update(std::string_view text);

    /// 64 lower-case hexadecimal digits. Nothing may be added afterwards.
    [[nodiscard]] std::string hex();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

/// SHA-256 of `text`, as 64 hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view text);

/// SHA-256 of the bytes of `file`, as 64 hexadecimal digits.
/// Throws UnreadableError that names the file if it cannot be read.
[[nodiscard]] std::string sha256_file(const std::filesystem::path& file);

/// 64-bit FNV-1a hash of `text`. Not for safety: it keys random generators by name.
[[nodiscard]] std::uint64_t fnv1a(std::string_view text);

/// CRC-32 of `bytes`, as in the chunks of PNG files. That of "123456789" is 0xCBF43926.
/// Source: ISO 3309; PNG specification, annex D.
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes);

/// CRC-32C (Castagnoli) of `bytes`, continuing from `crc`.
/// Source: RFC 3720, appendix B.4; the CRC of "123456789" is 0xE3069283.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc = 0);

}  // namespace patchead
