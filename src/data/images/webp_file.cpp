#include "images/webp_file.hpp"

#include "images/exif.hpp"
#include "images/file_bytes.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr std::size_t kFirstChunk = 12;  ///< Behind "RIFF", the size of the rest and "WEBP".

int number_at(const FileBytes& file, std::size_t at, std::size_t size) {
    return static_cast<int>(file.little_endian(at, size));
}

/// What the picture's first chunk, with its data at `at`, says of its size; 0 x 0 if it is none.
ImageHeader header_of_chunk(const FileBytes& file, std::string_view type, std::size_t at) {
    constexpr int fourteen_bits = 0x3FFF;
    ImageHeader header;
    if (type == "VP8X") {
        header.width = number_at(file, at + 4, 3) + 1;
        header.height = number_at(file, at + 7, 3) + 1;
    } else if (type == "VP8L") {
        const auto sides = file.little_endian(at + 1, 4);
        header.width = static_cast<int>(sides & fourteen_bits) + 1;
        header.height = static_cast<int>(sides >> 14U & fourteen_bits) + 1;
    } else if (type == "VP8 ") {
        header.width = number_at(file, at + 6, 2) & fourteen_bits;
        header.height = number_at(file, at + 8, 2) & fourteen_bits;
        header.is_lossy = true;
    }
    return header;
}

/// Of the chunk "EXIF" behind the picture; chunks are padded to even sizes.
int orientation_of_chunks(const FileBytes& file) {
    for (auto at = kFirstChunk; at + 8 <= file.size();) {
        const std::size_t size = file.little_endian(at + 4, 4);
        if (file.text(at, 4) == "EXIF") {
            auto exif = file.text(at + 8, size);
            constexpr std::string_view kHead("Exif\0\0", 6);  // Some writers put it there.
            if (exif.starts_with(kHead)) { exif.remove_prefix(kHead.size()); }
            return exif_orientation(exif);
        }
        at += 8 + size + size % 2;
    }
    return 1;
}

}  // namespace

bool is_webp(std::string_view bytes) {
    return bytes.starts_with("RIFF") && bytes.substr(0, kFirstChunk).ends_with("WEBP");
}

ImageHeader webp_header(std::string_view bytes, const std::string& name) {
    const FileBytes file(bytes, name);
    auto header = header_of_chunk(file, file.text(kFirstChunk, 4), kFirstChunk + 8);
    file.check(header.width > 0, "its first chunk is no WebP picture");
    header.orientation = orientation_of_chunks(file);
    return header;
}

}  // namespace patchead::inline data_detail
