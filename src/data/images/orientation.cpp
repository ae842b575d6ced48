#include "images/orientation.hpp"

#include <opencv2/core.hpp>

#include "images/exif.hpp"
#include "images/file_bytes.hpp"
#include "images/image_file.hpp"

namespace patchead::inline data_detail {
namespace {

/// Chunks of a WebP file: "RIFF", size, "WEBP", then type, size and data, padded to even sizes.
int webp_orientation(std::string_view bytes, const std::string& name) {
    const FileBytes file(bytes, name);
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
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

int orientation_of(std::string_view bytes, const std::string& name) {
    if (const auto header = check_image_file(bytes, name)) { return header->orientation; }
    const bool is_webp = bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP");
    return is_webp ? webp_orientation(bytes, name) : 1;
}

cv::Mat turned_upright(const cv::Mat& pixels, int orientation) {
    cv::Mat turned = pixels;
    if (lies_on_its_side(orientation)) { cv::transpose(pixels, turned); }
    cv::Mat upright;
    switch (orientation) {
        case 2:
        case 6:
            cv::flip(turned, upright, 1);  // Left is right.
            return upright;
        case 3:
        case 7:
            cv::flip(turned, upright, -1);
            return upright;
        case 4:
        case 8:
            cv::flip(turned, upright, 0);  // Above is below.
            return upright;
        default:
            return turned;
    }
}

}  // namespace patchead::inline data_detail
