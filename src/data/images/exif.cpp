#include "images/exif.hpp"

#include <string>

#include "images/file_bytes.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr std::uint32_t kOrientation = 0x0112;
constexpr std::size_t kEntryBytes = 12;

int first_directory_orientation(const FileBytes& file, bool little) {
    const auto number = [&](std::size_t at, std::size_t size) {
        return little ? file.little_endian(at, size) : file.big_endian(at, size);
    };
    const std::size_t first = number(4, 4);
    const std::size_t entries = number(first, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const auto at = first + 2 + i * kEntryBytes;
        if (number(at, 2) != kOrientation) { continue; }
        const auto value = number(at + 8, 2);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

}  // namespace

int exif_orientation(std::string_view tiff) {
    static const std::string name = "Exif";
    if (!tiff.starts_with("II") && !tiff.starts_with("MM")) { return 1; }
    try {
        return first_directory_orientation(FileBytes(tiff, name), tiff[0] == 'I');
    } catch (const DataError&) { return 1; }  // No picture is worse for a torn comment.
}

}  // namespace patchead::inline data_detail
