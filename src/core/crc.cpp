#include <isa-l/crc.h>

#include <algorithm>

#include "patchead/core/digest.hpp"

namespace patchead {

std::uint32_t crc32(std::span<const std::byte> bytes) {
    return crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc) {
    constexpr std::size_t kMost = std::size_t{1} << 30;  // The library counts in int.
    crc = ~crc;
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), kMost));
        // The library reads only, but takes no pointer to constants.
        auto* const data = reinterpret_cast<unsigned char*>(const_cast<std::byte*>(part.data()));
        crc = crc32_iscsi(data, static_cast<int>(part.size()), crc);
        bytes = bytes.subspan(part.size());
    }
    return ~crc;
}

}  // namespace patchead
