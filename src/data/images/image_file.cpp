#include "images/image_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "images/exif.hpp"
#include "images/file_bytes.hpp"
#include "images/pixel_limit.hpp"
#include "images/tiff_file.hpp"
#include "images/webp_file.hpp"
#include "patchead/core/digest.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kJpegSignature = "\xff\xd8\xff";
constexpr std::string_view kBmpSignature = "BM";

ImageHeader check_png(const FileBytes& bytes) {
    const auto first = kPngSignature.size();
    bytes.check(bytes.text(first + 4, 4) == "IHDR", "its first PNG chunk is not IHDR");
    int orientation = 1;
    for (auto at = first;;) {
        const std::size_t size = bytes.big_endian(at, 4);
        const auto type_and_data = bytes.text(at + 4, size + 4);
        bytes.check(
            crc32(std::as_bytes(std::span(type_and_data))) == bytes.big_endian(at + 8 + size, 4),
            "the checksum of a PNG chunk is wrong");
        if (type_and_data.starts_with("eXIf")) {
            orientation = exif_orientation(type_and_data.substr(4));
        }
        if (type_and_data.starts_with("IEND")) { break; }
        at += size + 12;
    }
    const auto height = bytes.big_endian(first + 12, 4);
    const auto width = bytes.big_endian(first + 8, 4);
    require_pixels(height, width, bytes.size(), bytes.name());
    return {static_cast<int>(height), static_cast<int>(width),
            static_cast<int>(bytes.byte(first + 16)), orientation};
}

/// Position of the first marker at or after `at`: FF and a byte that is neither 00 (an escaped FF)
/// nor D0 .. D7 (a restart inside the data) nor FF (filling).
std::size_t next_marker(const FileBytes& bytes, std::size_t at) {
    for (;; ++at) {
        const auto found = bytes.rest(std::min(at, bytes.size())).find('\xff');
        bytes.check(found != std::string_view::npos, "it ends without the JPEG end mark");
        at += found;
        bytes.check(at + 1 < bytes.size(), "it ends without the JPEG end mark");
        const auto code = bytes.byte(at + 1);
        if (code != 0 && code != 0xFF && (code < 0xD0 || code > 0xD7)) { return at; }
    }
}

/// The Exif block of the segment at `at`, if it is one.
std::string_view exif_block(const FileBytes& bytes, std::size_t at) {
    constexpr std::string_view kExif("Exif\0\0", 6);
    const std::size_t size = bytes.big_endian(at + 2, 2);
    if (bytes.byte(at + 1) != 0xE1 || size < 2 + kExif.size()) { return {}; }  // APP1
    const auto data = bytes.text(at + 4, size - 2);
    return data.starts_with(kExif) ? data.substr(kExif.size()) : std::string_view();
}

void read_frame(const FileBytes& bytes, std::size_t at, ImageHeader& header) {
    const auto code = bytes.byte(at + 1);
    const bool is_usual = code <= 0xC2 || code == 0xC9 || code == 0xCA;
    require_usable(is_usual, bytes.name(), "samples in lossless or hierarchical JPEG");
    header.bits = static_cast<int>(bytes.byte(at + 4));
    require_usable(header.bits == 8, bytes.name(), concat(header.bits, "-bit JPEG samples"));
    header.height = static_cast<int>(bytes.big_endian(at + 5, 2));
    header.width = static_cast<int>(bytes.big_endian(at + 7, 2));
}

ImageHeader check_jpeg(const FileBytes& bytes) {
    ImageHeader header;
    header.is_lossy = true;
    for (auto at = next_marker(bytes, 2);; at = next_marker(bytes, at)) {
        const auto code = bytes.byte(at + 1);
        if (code == 0xD9) { break; }  // EOI
        const bool is_table = code == 0xC4 || code == 0xC8 || code == 0xCC;
        if (code >= 0xC0 && code <= 0xCF && !is_table) {  // SOF0 .. SOF15
            read_frame(bytes, at, header);
        }
        if (const auto exif = exif_block(bytes, at); !exif.empty()) {
            header.orientation = exif_orientation(exif);
        }
        at += 2 + bytes.big_endian(at + 2, 2);
    }
    bytes.check(header.height > 0 && header.width > 0, "it has no JPEG frame with a size");
    return header;
}

std::optional<ImageHeader> check_bmp(const FileBytes& bytes) {
    constexpr std::uint32_t os2_header = 12;
    if (bytes.little_endian(14, 4) == os2_header) {
        return ImageHeader{static_cast<int>(bytes.little_endian(20, 2)),
                           static_cast<int>(bytes.little_endian(18, 2))};
    }
    if (bytes.little_endian(14, 4) < 40) { return std::nullopt; }  // Not known here.
    const auto width = static_cast<std::int32_t>(bytes.little_endian(18, 4));
    const auto height =
        static_cast<std::int32_t>(bytes.little_endian(22, 4));  // < 0: top row first
    bytes.check(width > 0 && height != 0 && height != INT32_MIN, "its BMP header gives no size");
    const auto compression = bytes.little_endian(30, 4);
    const bool is_plain = compression == 0 || compression == 3;
    const auto row_bits = static_cast<std::uint64_t>(width) * bytes.little_endian(28, 2);
    require_pixels(std::abs(height), width, bytes.size(), bytes.name());
    const auto data = (row_bits + 31) / 32 * 4 * static_cast<std::uint64_t>(std::abs(height));
    bytes.check(!is_plain || data <= bytes.size(), "it ends too early");
    if (is_plain) { static_cast<void>(bytes.text(bytes.little_endian(10, 4), data)); }
    return ImageHeader{std::abs(height), width};
}

/// Of whatever format; nothing of one that is not known here.
std::optional<ImageHeader> header_of(const FileBytes& file, std::string_view bytes) {
    file.check(!bytes.empty(), "it is empty");
    if (bytes.starts_with(kPngSignature)) { return check_png(file); }
    if (bytes.starts_with(kJpegSignature)) { return check_jpeg(file); }
    if (bytes.starts_with(kBmpSignature)) { return check_bmp(file); }
    if (is_tiff(bytes)) { return tiff_header(bytes, file.name()); }
    if (is_webp(bytes)) { return webp_header(bytes, file.name()); }
    return std::nullopt;
}

}  // namespace

std::optional<ImageHeader> check_image_file(std::string_view bytes, const std::string& name) {
    const auto header = header_of(FileBytes(bytes, name), bytes);
    if (header) { require_pixels(header->height, header->width, bytes.size(), name); }
    return header;
}

}  // namespace patchead::inline data_detail
