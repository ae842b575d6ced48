#include "patchead/core/digest.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include <openssl/evp.h>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

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
__attribute__((target("sse4.2"))) std::uint32_t crc_by_instruction(std::span<const std::byte> bytes,
                                                                   std::uint32_t state) {
    std::uint64_t wide = state;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    auto narrow = static_cast<std::uint32_t>(wide);
    for (; at < bytes.size(); ++at) {
        narrow = __builtin_ia32_crc32qi(narrow, std::to_integer<unsigned char>(bytes[at]));
    }
    return narrow;
}
#endif

}  // namespace

struct Sha256::Context {
    std::unique_ptr<EVP_MD_CTX, FreeContext> evp{EVP_MD_CTX_new()};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
    require<Error>(EVP_DigestInit_ex(context_->evp.get(), EVP_sha256(), nullptr) == 1,
                   "SHA-256 is not available (OpenSSL refuses it)");
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) {
    require<Error>(EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()) == 1,
                   "SHA-256 failed (OpenSSL gave no reason)");
}

void Sha256::update(std::string_view text) {
    update(std::as_bytes(std::span(text.data(), text.size())));
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    require<Error>(EVP_DigestFinal_ex(context_->evp.get(), digest.data(), &size) == 1,
                   "SHA-256 failed (OpenSSL gave no reason)");
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

std::string sha256(std::string_view text) {
    Sha256 digest;
    digest.update(text);
    return digest.hex();
}

std::string sha256_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    require<DataError>(in.is_open(), "cannot read '", file.string(), "' (", std::strerror(errno),
                       "); check the path and its permissions");
    Sha256 digest;
    std::vector<char> piece(1 << 20);
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        digest.update(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount())));
    }
    require<DataError>(in.eof(), "cannot read '", file.string(), "' to its end (",
                       std::strerror(errno), "); check the disk");
    return digest.hex();
}

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) { hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3; }
    return hash;
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) { return ~crc_by_instruction(bytes, ~crc); }
#endif
    return ~crc_by_table(bytes, ~crc);
}

}  // namespace patchead
