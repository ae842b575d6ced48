#include <array>
#include <cstring>

#include "patchead/core/digest.hpp"

namespace patchead {
namespace {

/// Remainders of all bytes and of all bytes followed by 1 .. 7 zero bytes, so that eight bytes are
/// taken at a time (Intel's slicing-by-8).
constexpr auto kCrcTables = [] {
    constexpr std::uint32_t polynomial = 0x82F63B78;  // Castagnoli's, reflected.
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) { crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0); }
        tables[0][byte] = crc;
    }
    for (std::size_t zeros = 1; zeros < 8; ++zeros) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const auto before = tables[zeros - 1][byte];
            tables[zeros][byte] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    }
    return tables;
}();

std::uint32_t crc_by_table(std::span<const std::byte> bytes, std::uint32_t state) {
    const auto& t = kCrcTables;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        word ^= state;
        state = t[7][word & 0xFF] ^ t[6][(word >> 8) & 0xFF] ^ t[5][(word >> 16) & 0xFF] ^
                t[4][(word >> 24) & 0xFF] ^ t[3][(word >> 32) & 0xFF] ^ t[2][(word >> 40) & 0xFF] ^
                t[1][(word >> 48) & 0xFF] ^ t[0][word >> 56];
    }
    for (; at < bytes.size(); ++at) {
        state = (state >> 8) ^ t[0][(state ^ std::to_integer<std::uint32_t>(bytes[at])) & 0xFF];
    }
    return state;
}

#if defined(__x86_64__)
/// Bytes of one of the three parts that are worked on at a time: the instruction takes a new word
/// each cycle, but its result takes three.
constexpr std::size_t kPart = 4096;

__attribute__((target("sse4.2"))) std::uint64_t step(std::uint64_t state, const std::byte* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return __builtin_ia32_crc32di(state, word);
}

/// What a state becomes after kPart zero bytes: a linear function, so the sum of those of its
/// bytes.
class ZeroPart {
  public:
    ZeroPart() {
        const std::array<std::byte, kPart> zeros{};
        for (std::size_t place = 0; place < 4; ++place) {
            for (std::uint32_t byte = 0; byte < 256; ++byte) {
                after_[place][byte] = crc_by_table(zeros, byte << (8 * place));
            }
        }
    }
    [[nodiscard]] std::uint64_t after(std::uint64_t state) const {
        return after_[0][state & 0xFF] ^ after_[1][state >> 8 & 0xFF] ^
               after_[2][state >> 16 & 0xFF] ^ after_[3][state >> 24 & 0xFF];
    }

  private:
    std::array<std::array<std::uint32_t, 256>, 4> after_{};
};

__attribute__((target("sse4.2"))) std::uint32_t crc_by_instruction(std::span<const std::byte> bytes,
                                                                   std::uint32_t state) {
    static const ZeroPart zeros;
    std::uint64_t wide = state;
    while (bytes.size() >= 3 * kPart) {
        std::uint64_t second = 0;
        std::uint64_t third = 0;
        for (std::size_t at = 0; at < kPart; at += 8) {
            wide = step(wide, bytes.data() + at);
            second = step(second, bytes.data() + kPart + at);
            third = step(third, bytes.data() + 2 * kPart + at);
        }
        wide = zeros.after(zeros.after(wide) ^ second) ^ third;
        bytes = bytes.subspan(3 * kPart);
    }
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) { wide = step(wide, bytes.data() + at); }
    auto narrow = static_cast<std::uint32_t>(wide);
    for (; at < bytes.size(); ++at) {
        narrow = __builtin_ia32_crc32qi(narrow, std::to_integer<unsigned char>(bytes[at]));
    }
    return narrow;
}
#endif

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) { return ~crc_by_instruction(bytes, ~crc); }
#endif
    return ~crc_by_table(bytes, ~crc);
}

}  // namespace patchead
