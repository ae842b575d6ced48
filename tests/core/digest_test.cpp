#include "patchead/core/digest.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

// Test vectors of FIPS 180-4.
TEST(Sha256, AgreesWithThePublishedVectors) {
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, TakesPieces) {
    Sha256 digest;
    digest.update("a");
    digest.update("bc");
    EXPECT_EQ(digest.hex(), sha256("abc"));
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
    const auto file = std::filesystem::path(testing::TempDir()) / "sha256_of_a_file";
    const std::string content(3'000'001, 'x');
    std::ofstream(file, std::ios::binary) << content;
    EXPECT_EQ(sha256_file(file), sha256(content));
    std::filesystem::remove(file);
}

TEST(Sha256, OfAMissingFileNamesIt) {
    try {
        static_cast<void>(sha256_file("no/such/file"));
        FAIL() << "no exception";
    } catch (const DataError& error) {
        EXPECT_NE(std::string(error.what()).find("no/such/file"), std::string::npos);
    }
}

// The check value of the CRC catalogue, and the empty IEND chunk of every PNG file.
TEST(Crc32, AgreesWithThePublishedVectors) {
    EXPECT_EQ(crc32(bytes("123456789")), 0xCBF43926U);
    EXPECT_EQ(crc32(bytes("IEND")), 0xAE426082U);
    EXPECT_EQ(crc32({}), 0U);
}

// RFC 3720, B.4, and the check value of the CRC catalogue.
TEST(Crc32c, AgreesWithThePublishedVectors) {
    EXPECT_EQ(crc32c(bytes("123456789")), 0xE3069283U);
    EXPECT_EQ(crc32c(bytes(std::string(32, '\0'))), 0x8A9136AAU);
    EXPECT_EQ(crc32c(bytes(std::string(32, '\xff'))), 0x62A8AB43U);
}

/// The definition, a bit at a time.
std::uint32_t crc32c_by_bits(std::string_view text) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) { crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U); }
    }
    return ~crc;
}

// Long texts are taken many bytes at a time.
TEST(Crc32c, AgreesWithTheDefinitionAtAnyLength) {
    std::string text;
    for (std::uint32_t i = 0; i < 40'000; ++i) { text += static_cast<char>(i * 2654435761U >> 24); }
    for (const std::size_t length :
         {1U, 7U, 8U, 4096U, 12'287U, 12'288U, 12'289U, 24'583U, 40'000U}) {
        const auto part = std::string_view(text).substr(0, length);
        EXPECT_EQ(crc32c(bytes(part)), crc32c_by_bits(part)) << length;
    }
}

TEST(Crc32c, TakesPieces) {
    const std::string text = "the quick brown fox jumps over the lazy dog";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const auto first = crc32c(bytes(std::string_view(text).substr(0, cut)));
        EXPECT_EQ(crc32c(bytes(std::string_view(text).substr(cut)), first), crc32c(bytes(text)));
    }
}

TEST(Fnv1a, AgreesWithThePublishedVector) { EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cULL); }

}  // namespace
}  // namespace patchead
