#include "images/image_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kJpegSignature = "\xff\xd8\xff";
constexpr std::string_view kBmpSignature = "BM";

/// The bytes of a file, with its name for the message when they end too early.
class Bytes {
  public:
    Bytes(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

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

ImageSize check_png(const Bytes& bytes) {
    const auto first = kPngSignature.size();
    bytes.check(bytes.text(first + 4, 4) == "IHDR", "its first PNG chunk is not IHDR");
    for (auto at = first;;) {
        const std::size_t size = bytes.big_endian(at, 4);
        const auto type_and_data = bytes.text(at + 4, size + 4);
        bytes.check(
            crc32(std::as_bytes(std::span(type_and_data))) == bytes.big_endian(at + 8 + size, 4),
            "the checksum of a PNG chunk is wrong");
        if (type_and_data.starts_with("IEND")) { break; }
        at += size + 12;
    }
    return {static_cast<int>(bytes.big_endian(first + 12, 4)),
            static_cast<int>(bytes.big_endian(first + 8, 4))};
}

/// Position of the first marker at or after `at`: FF and a byte that is neither 00 (an escaped FF)
/// nor D0 .. D7 (a restart inside the data) nor FF (filling).
std::size_t next_marker(const Bytes& bytes, std::size_t at) {
    for (;; ++at) {
        const auto found = bytes.rest(std::min(at, bytes.size())).find('\xff');
        bytes.check(found != std::string_view::npos, "it ends without the JPEG end mark");
        at += found;
        bytes.check(at + 1 < bytes.size(), "it ends without the JPEG end mark");
        const auto code = bytes.byte(at + 1);
        if (code != 0 && code != 0xFF && (code < 0xD0 || code > 0xD7)) { return at; }
    }
}

ImageSize check_jpeg(const Bytes& bytes) {
    ImageSize size;
    for (auto at = next_marker(bytes, 2);; at = next_marker(bytes, at)) {
        const auto code = bytes.byte(at + 1);
        if (code == 0xD9) { break; }  // EOI
        const bool is_table = code == 0xC4 || code == 0xC8 || code == 0xCC;
        if (code >= 0xC0 && code <= 0xCF && !is_table) {  // SOF0 .. SOF15
            size = {static_cast<int>(bytes.big_endian(at + 5, 2)),
                    static_cast<int>(bytes.big_endian(at + 7, 2))};
        }
        at += 2 + bytes.big_endian(at + 2, 2);
    }
    bytes.check(size.height > 0 && size.width > 0, "it has no JPEG frame with a size");
    return size;
}

std::optional<ImageSize> check_bmp(const Bytes& bytes) {
    if (bytes.little_endian(14, 4) < 40) { return std::nullopt; }  // OS/2, not known here
    const auto width = static_cast<std::int32_t>(bytes.little_endian(18, 4));
    const auto height =
        static_cast<std::int32_t>(bytes.little_endian(22, 4));  // < 0: top row first
    bytes.check(width > 0 && height != 0 && height != INT32_MIN, "its BMP header gives no size");
    const auto compression = bytes.little_endian(30, 4);
    const bool is_plain = compression == 0 || compression == 3;
    const auto row_bits = static_cast<std::uint64_t>(width) * bytes.little_endian(28, 2);
    const auto data = (row_bits + 31) / 32 * 4 * static_cast<std::uint64_t>(std::abs(height));
    bytes.check(!is_plain || data <= bytes.size(), "it ends too early");
    if (is_plain) { static_cast<void>(bytes.text(bytes.little_endian(10, 4), data)); }
    return ImageSize{std::abs(height), width};
}

}  // namespace

std::optional<ImageSize> check_image_file(std::string_view bytes, const std::string& name) {
    const Bytes file(bytes, name);
    file.check(!bytes.empty(), "it is empty");
    if (bytes.starts_with(kPngSignature)) { return check_png(file); }
    if (bytes.starts_with(kJpegSignature)) { return check_jpeg(file); }
    if (bytes.starts_with(kBmpSignature)) { return check_bmp(file); }
    return std::nullopt;
}

}  // namespace patchead::inline data_detail
