#include "submission/half_tiff.hpp"

#include <cerrno>

#include "images/tiff_memory.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead::inline data_detail {
namespace {

std::uint16_t short_tag(TIFF* tiff, ttag_t tag) {
    std::uint16_t value = 0;
    return TIFFGetFieldDefaulted(tiff, tag, &value) != 0 ? value : std::uint16_t{0};
}

}  // namespace

cv::Mat to_half(const FloatMap& map, double factor) {
    const cv::Mat values(map.size.height, map.size.width, CV_32F,
                         const_cast<float*>(map.values.data()));
    cv::Mat scaled;
    values.convertTo(scaled, CV_32F, factor);
    cv::Mat half;
    scaled.convertTo(half, CV_16F);
    return half;
}

void write_half_tiff(const std::filesystem::path& file, const cv::Mat& half) {
    PATCHEAD_ASSERT(half.type() == CV_16FC1 && half.isContinuous());
    write_whole(file, [&](const std::filesystem::path& temporary) {
        const TiffHandle tiff(TIFFOpen(temporary.c_str(), "wl"), &TIFFClose);
        if (tiff == nullptr) { fail_to_write(file, errno); }
        TIFFSetField(tiff.get(), TIFFTAG_IMAGEWIDTH, half.cols);
        TIFFSetField(tiff.get(), TIFFTAG_IMAGELENGTH, half.rows);
        TIFFSetField(tiff.get(), TIFFTAG_BITSPERSAMPLE, 16);
        TIFFSetField(tiff.get(), TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
        TIFFSetField(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff.get(), TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(tiff.get(), TIFFTAG_COMPRESSION, COMPRESSION_NONE);
        TIFFSetField(tiff.get(), TIFFTAG_ROWSPERSTRIP, half.rows);
        const auto bytes = static_cast<tmsize_t>(half.total() * half.elemSize());
        auto pixels = half.clone();  // On some machines libtiff turns the bytes around in place.
        if (TIFFWriteEncodedStrip(tiff.get(), 0, pixels.data, bytes) != bytes) {
            fail_to_write(file, errno);
        }
    });
}

FloatMap read_half_tiff(const std::filesystem::path& file, const std::string& name) {
    const auto bytes = read_text(file);
    TiffMemory memory{bytes};
    const auto tiff = open_tiff(memory, name);
    require<DataError>(tiff != nullptr, "'", name, "' is no TIFF file");
    const int channels = short_tag(tiff.get(), TIFFTAG_SAMPLESPERPIXEL);
    require<DataError>(channels == 1, "'", name, "' has ", channels, " channels in place of one");
    const int bits = short_tag(tiff.get(), TIFFTAG_BITSPERSAMPLE);
    const bool is_real = short_tag(tiff.get(), TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_IEEEFP;
    require<DataError>(bits == 16 && is_real, "'", name, "' holds ", is_real ? "real" : "whole",
                       " numbers of ", bits, " bits in place of real ones of 16");
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
    constexpr std::uint64_t kMostPixels = 1U << 28;
    require<DataError>(width > 0 && height > 0 && std::uint64_t{width} * height <= kMostPixels &&
                           TIFFIsTiled(tiff.get()) == 0,
                       "'", name, "' is damaged, or no map");
    cv::Mat half(static_cast<int>(height), static_cast<int>(width), CV_16F);
    for (std::uint32_t row = 0; row < height; ++row) {
        require<DataError>(TIFFReadScanline(tiff.get(), half.ptr(static_cast<int>(row)), row) == 1,
                           "'", name, "' is damaged");
    }
    cv::Mat values;
    half.convertTo(values, CV_32F);
    const auto* begin = values.ptr<float>();
    return {{half.rows, half.cols}, {begin, begin + values.total()}};
}

}  // namespace patchead::inline data_detail
