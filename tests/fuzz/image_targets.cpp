/// \file
/// \brief Pictures, masks and maps in pictures' formats.

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include <opencv2/imgcodecs.hpp>

#include "fuzz.hpp"
#include "images/decode.hpp"
#include "images/image_file.hpp"
#include "images/mask_levels.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/map_file.hpp"
#include "patchead/data/pixel_limit.hpp"

namespace patchead::fuzz {
namespace {

constexpr std::int64_t kPixelsOfFuzz = std::int64_t{1} << 18U;

std::uint32_t big_endian_at(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

/// A PNG with the right checksums, so that more than these is tried.
std::string with_checksums(std::string bytes) {
    constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
    if (!bytes.starts_with(signature)) { return bytes; }
    for (auto at = signature.size(); at + 12 <= bytes.size();) {
        const std::size_t size = big_endian_at(bytes, at);
        if (size > bytes.size() - at - 12) { return bytes; }
        const auto crc = crc32(std::as_bytes(std::span(bytes).subspan(at + 4, size + 4)));
        for (std::size_t i = 0; i < 4; ++i) {
            bytes[at + 8 + size + i] = static_cast<char>(crc >> (24 - 8 * i));
        }
        at += size + 12;
    }
    return bytes;
}

std::string picture_of(std::string_view input) {
    set_most_pixels(kPixelsOfFuzz);
    return with_checksums(std::string(input));
}

bool same_pixels(const cv::Mat& one, const cv::Mat& other) {
    if (one.size() != other.size() || one.type() != other.type()) { return false; }
    const auto row_bytes = static_cast<std::size_t>(one.cols) * one.elemSize();
    for (int y = 0; y < one.rows; ++y) {
        if (!std::equal(one.ptr(y), one.ptr(y) + row_bytes, other.ptr(y))) { return false; }
    }
    return true;
}

cv::Mat from_png(const cv::Mat& rgb) {
    std::vector<std::uint8_t> png;
    cv::imencode(".png", rgb, png, {cv::IMWRITE_PNG_COMPRESSION, 0});
    return decode_colours(std::string(png.begin(), png.end()), "again.png");
}

}  // namespace

/// Refused, or a picture of the size that its header says and within the limit, the same each time,
/// and the same from a PNG of it.
void fuzz_image(std::string_view input) {
    const auto bytes = picture_of(input);
    const auto rgb = result_of([&] { return decode_colours(bytes, "a"); });
    Sample sample;
    sample.image = "a";
    sample.bytes = std::make_shared<const std::string>(bytes);
    const auto size = result_of([&] { return image_size(sample); });
    if (size) {
        require_property(size->first > 0 && size->second > 0 &&
                             std::int64_t{size->first} * size->second <= kPixelsOfFuzz,
                         "a size is one");
    }
    if (!rgb) { return; }
    require_property(size && *size == std::pair(rgb->rows, rgb->cols),
                     "a picture has the size that its header says");
    require_property(same_pixels(decode_colours(bytes, "a"), *rgb), "decoded again it is the same");
    cv::Mat bgr;
    cv::Mat channels[3];
    cv::split(*rgb, channels);
    std::swap(channels[0], channels[2]);
    cv::merge(channels, 3, bgr);
    require_property(same_pixels(from_png(bgr), *rgb), "a PNG of it has its pixels");
    sample.upright = true;
    const auto upright = read_image(sample);
    const auto turned = image_size(sample);
    require_property(std::pair(upright.height, upright.width) == turned &&
                         upright.rgb.size() == 3 * rgb->total(),
                     "turned upright it has the size that is said");
}

/// Refused, or levels on the scale of bytes, of which fewer are above a higher threshold.
void fuzz_mask(std::string_view input) {
    const auto bytes = picture_of(input);
    const auto samples = result_of([&] { return decode_samples(bytes, "a"); });
    if (!samples) { return; }
    const auto levels = levels_of(*samples);
    require_property(levels.size() == samples->size() && levels.type() == CV_32F,
                     "each pixel has a level");
    Sample sample;
    sample.mask = scratch_file("mask", bytes);
    std::size_t above = levels.total();
    for (const double threshold : {0.0, 1.0, 127.0, 254.0}) {
        const auto mask = read_mask(sample, levels.rows, levels.cols, threshold);
        require_property(mask.anomalous.size() == levels.total(),
                         "a mask has the size of its file");
        std::size_t slow = 0;
        for (int y = 0; y < levels.rows; ++y) {
            for (int x = 0; x < levels.cols; ++x) {
                slow += levels.at<float>(y, x) > static_cast<float>(threshold) ? 1 : 0;
            }
        }
        const auto count = static_cast<std::size_t>(std::ranges::count(mask.anomalous, 1));
        require_property(count == slow && count <= above, "a pixel is marked above the threshold");
        above = count;
    }
    require_property(!result_of([&] { return read_mask(sample, levels.rows + 1, levels.cols); }),
                     "a mask of another size is refused");
}

/// Refused, or a map of the size that the header says, with finite numbers, the same as a TIFF of
/// it has. The first byte chooses between names.
void fuzz_map_picture(std::string_view input) {
    Draw draw(input);
    const auto* name = draw.up_to(1) == 0 ? "map.tif" : "map.png";
    const auto bytes = picture_of(draw.rest());
    const auto map = result_of([&] { return read_map(scratch_file(name, bytes)); });
    if (!map) { return; }
    const auto header = check_image_file(bytes, "a");
    require_property(header && header->height == map->size.height &&
                         header->width == map->size.width && map->values.size() == map->size.area(),
                     "a map has the size that its header says");
    require_property(std::ranges::all_of(map->values, [](float v) { return std::isfinite(v); }),
                     "a map is finite");
    const cv::Mat values(map->size.height, map->size.width, CV_32F,
                         const_cast<float*>(map->values.data()));
    std::vector<std::uint8_t> tiff;
    cv::imencode(".tif", values, tiff);
    const std::string_view text(reinterpret_cast<const char*>(tiff.data()), tiff.size());
    const auto again = read_map(scratch_file("again.tif", text));
    require_property(again.size == map->size && again.values == map->values,
                     "a TIFF of it has its numbers");
}

}  // namespace patchead::fuzz
