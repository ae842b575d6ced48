#include "images/tiff_file.hpp"

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "images/file_bytes.hpp"
#include "images/pil_colours.hpp"
#include "images/pixel_limit.hpp"
#include "images/tiff_memory.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

/// The first picture of a file. Rows and columns are those of the file until `upright`.
class TiffFile {
  public:
    TiffFile(std::string_view bytes, const std::string& name)
        : memory_{bytes}, file_(bytes, name), tiff_(open_tiff(memory_, name)) {
        check(tiff_ != nullptr);
        read_tags();
    }

    [[nodiscard]] ImageHeader header() const {
        const bool is_turned = orientation_ >= ORIENTATION_LEFTTOP;
        const bool is_jpeg = compression_ == COMPRESSION_JPEG || compression_ == COMPRESSION_OJPEG;
        return {is_turned ? width_ : height_, is_turned ? height_ : width_, bits_, 1, is_jpeg};
    }
    [[nodiscard]] cv::Mat colours() const;
    [[nodiscard]] cv::Mat samples() const;

  private:
    void check(bool ok) const {
        const auto reason = ok ? std::string() : last_tiff_error();
        file_.check(ok, reason.empty() ? "its TIFF data is not in order" : reason);
    }
    [[nodiscard]] int tag(ttag_t which, std::uint16_t otherwise) const {
        std::uint16_t value = otherwise;
        return TIFFGetFieldDefaulted(tiff_.get(), which, &value) != 0 ? value : otherwise;
    }
    void read_tags();
    [[nodiscard]] std::string sample_type() const;
    [[nodiscard]] bool is_unsigned() const {
        return format_ == SAMPLEFORMAT_UINT || format_ == SAMPLEFORMAT_VOID;
    }
    [[nodiscard]] cv::Mat shown() const;
    [[nodiscard]] cv::Mat high_bytes() const;
    void read_strips(std::uint16_t plane, cv::Mat& bytes) const;
    void read_tiles(std::uint16_t plane, cv::Mat& bytes) const;
    template <class T>
    [[nodiscard]] std::vector<T> stored() const;
    template <class T>
    [[nodiscard]] cv::Mat numbers() const;
    [[nodiscard]] cv::Mat upright(const cv::Mat& pixels) const;

    TiffMemory memory_;
    FileBytes file_;
    TiffHandle tiff_;
    int width_ = 0;
    int height_ = 0;
    int bits_ = 1;
    int format_ = SAMPLEFORMAT_UINT;
    int channels_ = 1;  ///< With those of alpha.
    int photometric_ = PHOTOMETRIC_MINISBLACK;
    int orientation_ = ORIENTATION_TOPLEFT;
    int compression_ = COMPRESSION_NONE;
    std::vector<std::uint16_t> extra_{};  ///< What the last channels are.
};

void TiffFile::read_tags() {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    TIFFGetField(tiff_.get(), TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff_.get(), TIFFTAG_IMAGELENGTH, &height);
    check(width > 0 && height > 0);
    require_pixels(height, width, file_.size(), file_.name());
    width_ = static_cast<int>(width);
    height_ = static_cast<int>(height);
    bits_ = tag(TIFFTAG_BITSPERSAMPLE, 1);
    format_ = tag(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    channels_ = tag(TIFFTAG_SAMPLESPERPIXEL, 1);
    photometric_ =
        tag(TIFFTAG_PHOTOMETRIC, channels_ < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
    orientation_ = tag(TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    compression_ = tag(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    std::uint16_t count = 0;
    std::uint16_t* kinds = nullptr;
    if (TIFFGetField(tiff_.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds) != 0 && count > 0) {
        extra_.assign(kinds, kinds + count);
    }
    check(channels_ > static_cast<int>(extra_.size()) && channels_ <= CV_CN_MAX);
    // So that no product of these overflows, and no number of channels makes a small picture large.
    constexpr std::int64_t most_row_bytes = std::int64_t{1} << 30U;
    check(std::int64_t{width_} * channels_ <= most_row_bytes / 8);
    constexpr int usual = 5;  // CMYK and alpha.
    const auto pixels = std::int64_t{width_} * height_;
    if (channels_ > usual) { require_pixels(pixels, channels_, file_.size(), file_.name()); }
}

std::string TiffFile::sample_type() const {
    const auto* kind = format_ == SAMPLEFORMAT_IEEEFP ? " float"
                       : format_ == SAMPLEFORMAT_INT  ? " signed integer"
                       : is_unsigned()                ? " unsigned integer"
                                                      : " complex";
    return concat(bits_, "-bit", kind, " samples");
}

/// RGB and alpha as libtiff shows them, but colours neither multiplied by alpha nor made from CMYK:
/// its tags say meanwhile that both has been done.
cv::Mat TiffFile::shown() const {
    auto* const tiff = tiff_.get();
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (photometric_ == PHOTOMETRIC_SEPARATED) {
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    }
    if (channels_ >= 4) {
        auto kinds = extra_;
        kinds.resize(std::max<std::size_t>(kinds.size(), 1));
        kinds.front() = EXTRASAMPLE_ASSOCALPHA;
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(kinds.size()), kinds.data());
    }
    char reason[1024] = "";
    if (TIFFRGBAImageOK(tiff, reason) == 0) { require_usable(false, file_.name(), reason); }
    cv::Mat pixels(height_, width_, CV_8UC4);
    check(TIFFReadRGBAImageOriented(
              tiff, static_cast<std::uint32_t>(width_), static_cast<std::uint32_t>(height_),
              reinterpret_cast<std::uint32_t*>(pixels.data), ORIENTATION_TOPLEFT, 1) != 0);
    return pixels;
}

void TiffFile::read_strips(std::uint16_t plane, cv::Mat& bytes) const {
    check(TIFFScanlineSize(tiff_.get()) == bytes.cols);
    for (int y = 0; y < bytes.rows; ++y) {
        const auto row = static_cast<std::uint32_t>(y);
        check(TIFFReadScanline(tiff_.get(), bytes.ptr(y), row, plane) == 1);
    }
}

void TiffFile::read_tiles(std::uint16_t plane, cv::Mat& bytes) const {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    TIFFGetField(tiff_.get(), TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(tiff_.get(), TIFFTAG_TILELENGTH, &height);
    const auto tile_bytes = static_cast<std::int64_t>(TIFFTileSize(tiff_.get()));
    // A tile may be larger than the picture, but not by much.
    const auto most_bytes = 16 * (static_cast<std::int64_t>(bytes.total()) + (1 << 20U));
    check(width > 0 && height > 0 && tile_bytes > 0 && tile_bytes <= most_bytes &&
          tile_bytes % height == 0 && tile_bytes / height >= width);
    std::vector<std::uint8_t> data(static_cast<std::size_t>(tile_bytes));
    const cv::Mat tile(static_cast<int>(height), static_cast<int>(data.size() / height), CV_8UC1,
                       data.data());
    const auto pixel_bytes = tile.cols / static_cast<int>(width);
    for (int y = 0; y < height_; y += tile.rows) {
        for (int x = 0; x < width_; x += static_cast<int>(width)) {
            check(TIFFReadTile(tiff_.get(), data.data(), static_cast<std::uint32_t>(x),
                               static_cast<std::uint32_t>(y), 0, plane) > 0);
            const auto there = cv::Rect(x * pixel_bytes, y, tile.cols, tile.rows) &
                               cv::Rect(0, 0, bytes.cols, bytes.rows);
            tile(cv::Rect({}, there.size())).copyTo(bytes(there));
        }
    }
}

/// All channels as they are in the file. Shape: `[height, width, channels]`.
template <class T>
std::vector<T> TiffFile::stored() const {
    const bool is_planar = tag(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    const auto planes = static_cast<std::size_t>(is_planar ? channels_ : 1);
    const auto channels = static_cast<std::size_t>(channels_);
    const auto pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
    std::vector<T> values(pixels * channels);
    std::vector<T> part(pixels * channels / planes);
    cv::Mat bytes(height_, width_ * static_cast<int>(channels / planes * sizeof(T)), CV_8UC1,
                  part.data());
    for (std::size_t plane = 0; plane < planes; ++plane) {
        const auto sample = static_cast<std::uint16_t>(plane);
        TIFFIsTiled(tiff_.get()) != 0 ? read_tiles(sample, bytes) : read_strips(sample, bytes);
        if (!is_planar) { return part; }
        for (std::size_t i = 0; i < pixels; ++i) { values[i * channels + plane] = part[i]; }
    }
    return values;
}

/// The channels without those of alpha; of a type that OpenCV does not have all of, as doubles.
template <class T>
cv::Mat TiffFile::numbers() const {
    using Number = std::conditional_t<std::is_same_v<T, std::uint16_t>, T, double>;
    const auto values = stored<T>();
    const auto kept = channels_ - static_cast<int>(extra_.size());
    cv::Mat_<Number> result(height_, width_ * kept);
    for (int y = 0; y < height_; ++y) {
        const auto* row = values.data() + static_cast<std::size_t>(y) *
                                              static_cast<std::size_t>(width_ * channels_);
        for (int x = 0; x < width_ * kept; ++x) {
            const int from = x / kept * channels_ + x % kept;
            result(y, x) = static_cast<Number>(row[from]);
        }
    }
    return result.reshape(kept);
}

/// RGB and alpha, or CMYK, from the upper half of 16 bits.
cv::Mat TiffFile::high_bytes() const {
    const bool is_gray = photometric_ <= PHOTOMETRIC_MINISBLACK;
    const bool is_known = is_gray || (photometric_ == PHOTOMETRIC_RGB && channels_ >= 3) ||
                          (photometric_ == PHOTOMETRIC_SEPARATED && channels_ >= 4);
    require_usable(is_known, file_.name(), "16-bit samples of a palette or another colour space");
    const auto flip = photometric_ == PHOTOMETRIC_MINISWHITE ? 0xFFU : 0U;
    const auto values = stored<std::uint16_t>();
    cv::Mat result(height_, width_, CV_8UC4);
    const auto channels = static_cast<std::size_t>(channels_);
    const auto last = std::min<std::size_t>(channels, 4) - 1;
    for (std::size_t i = 0; i < result.total(); ++i) {
        for (std::size_t channel = 0; channel < 4; ++channel) {
            const auto from = is_gray ? 0 : std::min(channel, last);
            result.data[4 * i + channel] =
                static_cast<std::uint8_t>((values[i * channels + from] >> 8U) ^ flip);
        }
    }
    return result;
}

/// As the orientation tag says; first row and column of the file are named in this order there.
cv::Mat TiffFile::upright(const cv::Mat& pixels) const {
    cv::Mat turned = pixels;
    if (orientation_ >= ORIENTATION_LEFTTOP) { cv::transpose(pixels, turned); }
    cv::Mat result;
    switch (orientation_) {
        case ORIENTATION_TOPRIGHT:
        case ORIENTATION_RIGHTTOP:
            cv::flip(turned, result, 1);
            return result;
        case ORIENTATION_BOTRIGHT:
        case ORIENTATION_RIGHTBOT:
            cv::flip(turned, result, -1);
            return result;
        case ORIENTATION_BOTLEFT:
        case ORIENTATION_LEFTBOT:
            cv::flip(turned, result, 0);
            return result;
        default:
            return turned;
    }
}

cv::Mat TiffFile::colours() const {
    const bool is_usual = bits_ == 1 || bits_ == 2 || bits_ == 4 || bits_ == 8 || bits_ == 16;
    require_usable(is_usual && is_unsigned(), file_.name(), sample_type());
    const auto pixels = bits_ == 16 ? high_bytes() : shown();
    if (photometric_ == PHOTOMETRIC_SEPARATED) { return upright(rgb_of_cmyk(pixels)); }
    const bool is_multiplied = photometric_ == PHOTOMETRIC_RGB && !extra_.empty() &&
                               extra_.front() == EXTRASAMPLE_ASSOCALPHA;
    return upright(is_multiplied ? rgb_of_multiplied(pixels) : rgb_of_first_three(pixels));
}

cv::Mat TiffFile::samples() const {
    const auto is = [&](int format, int bits) { return format_ == format && bits_ == bits; };
    if (is_unsigned() && bits_ <= 8) { return colours(); }
    if (is_unsigned() && bits_ == 16) { return upright(numbers<std::uint16_t>()); }
    if (is_unsigned() && bits_ == 32) { return upright(numbers<std::uint32_t>()); }
    if (is_unsigned() && bits_ == 64) { return upright(numbers<std::uint64_t>()); }
    if (is(SAMPLEFORMAT_INT, 8)) { return upright(numbers<std::int8_t>()); }
    if (is(SAMPLEFORMAT_INT, 16)) { return upright(numbers<std::int16_t>()); }
    if (is(SAMPLEFORMAT_INT, 32)) { return upright(numbers<std::int32_t>()); }
    if (is(SAMPLEFORMAT_INT, 64)) { return upright(numbers<std::int64_t>()); }
    if (is(SAMPLEFORMAT_IEEEFP, 32)) { return upright(numbers<float>()); }
    if (is(SAMPLEFORMAT_IEEEFP, 64)) { return upright(numbers<double>()); }
    require_usable(false, file_.name(), sample_type());
    return {};
}

}  // namespace

bool is_tiff(std::string_view bytes) {
    const auto starts = bytes.substr(0, 4);
    constexpr std::string_view kSignatures[] = {
        {"II\x2a\0", 4}, {"MM\0\x2a", 4}, {"II\x2b\0", 4}, {"MM\0\x2b", 4}};
    return std::ranges::count(kSignatures, starts) > 0;
}

ImageHeader tiff_header(std::string_view bytes, const std::string& name) {
    return TiffFile(bytes, name).header();
}

cv::Mat tiff_colours(std::string_view bytes, const std::string& name) {
    return TiffFile(bytes, name).colours();
}

cv::Mat tiff_samples(std::string_view bytes, const std::string& name) {
    return TiffFile(bytes, name).samples();
}

}  // namespace patchead::inline data_detail
