#include "patchead/core/digest.hpp"

#include <array>

#include <openssl/evp.h>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead {

struct Sha256::Context {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> evp{EVP_MD_CTX_new()};
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
    Sha256 digest;
    read_pieces(file, [&](std::string_view piece) { digest.update(piece); });
    return digest.hex();
}

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) { hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3; }
    return hash;
}

}  // namespace patchead
