#include "patchead/data/image_io.hpp"

#include <algorithm>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "images/image_file.hpp"
#include "images/pixels.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

cv::Mat decode(const std::string& bytes, const fs::path& file, int flags) {
    cv::Mat pixels;
    std::string reason = "it is in no image format known here, or damaged";
    // OpenCV reports what it cannot do by an exception or by an empty matrix, as it comes.
    try {
        const auto size = static_cast<int>(bytes.size());
        // The matrix only reads: imdecode takes no constant bytes.
        const cv::Mat encoded(1, size, CV_8UC1, const_cast<char*>(bytes.data()));
        pixels = cv::imdecode(encoded, flags);
    } catch (const cv::Exception& error) { reason = error.err; }
    require<DataError>(!pixels.empty(), "cannot decode the image file '", file.string(), "' (",
                       reason, "); copy or unpack it again");
    return pixels;
}

cv::Mat load(const fs::path& file, int flags) {
    const auto bytes = read_text(file);
    static_cast<void>(check_image_file(bytes, file.string()));
    return decode(bytes, file, flags);
}

void require_inside(const CropRows& rows, int height, const fs::path& file) {
    require<DataError>(0 <= rows.first && rows.first < rows.last && rows.last <= height, "rows [",
                       rows.first, ", ", rows.last, ") of '", file.string(),
                       "' cannot be cut out (it has ", height, " rows); check the data set");
}

cv::Mat cut(const cv::Mat& pixels, const Sample& sample, const fs::path& file) {
    if (!sample.crop) { return pixels; }
    require_inside(*sample.crop, pixels.rows, file);
    return pixels.rowRange(sample.crop->first, sample.crop->last);
}

/// Bytes of `pixels` without gaps between rows.
std::vector<std::uint8_t> bytes_of(const cv::Mat& pixels) {
    const cv::Mat whole = pixels.isContinuous() ? pixels : pixels.clone();
    return {whole.datastart, whole.datastart + whole.total() * whole.elemSize()};
}

void write_png(const fs::path& path, const cv::Mat& pixels) {
    // Level and strategy are named, since defaults differ between versions of OpenCV. Higher levels
    // take several times as long for a few percent.
    const std::vector<int> options{cv::IMWRITE_PNG_COMPRESSION, 3, cv::IMWRITE_PNG_STRATEGY,
                                   cv::IMWRITE_PNG_STRATEGY_FILTERED};
    std::vector<std::uint8_t> png;
    const bool encoded = cv::imencode(".png", pixels, png, options);
    require<DataError>(encoded, "cannot make a PNG of '", path.string(), "' (OpenCV refuses ",
                       pixels.cols, " x ", pixels.rows, " pixels); use another size");
    write_whole(path, {reinterpret_cast<const char*>(png.data()), png.size()});
}

}  // namespace

Image read_image(const Sample& sample) {
    const auto bgr = cut(load(sample.image, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION),
                         sample, sample.image);
    cv::Mat rgb;
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return {rgb.rows, rgb.cols, bytes_of(rgb)};
}

Mask read_mask(const Sample& sample, int height, int width) {
    const auto size = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    Mask mask{height, width, std::vector<std::uint8_t>(size)};
    if (sample.mask.empty()) { return mask; }
    const auto pixels = cut(load(sample.mask, cv::IMREAD_UNCHANGED), sample, sample.mask);
    require<DataError>(pixels.rows == height && pixels.cols == width, "the mask '",
                       sample.mask.string(), "' is ", pixels.cols, " x ", pixels.rows,
                       " (its image is ", width, " x ", height,
                       "); a mask has the size of its image: get the pair from one release");
    std::vector<cv::Mat> channels;
    cv::split(pixels, channels);
    channels.resize(std::min<std::size_t>(channels.size(), 3));  // a fourth one is alpha
    for (const auto& channel : channels) {
        const auto positive = bytes_of(channel > 0);
        std::ranges::transform(mask.anomalous, positive, mask.anomalous.begin(),
                               [](std::uint8_t any, std::uint8_t here) {
                                   return static_cast<std::uint8_t>(any | (here & 1));
                               });
    }
    return mask;
}

std::pair<int, int> image_size(const Sample& sample) {
    const auto bytes = read_text(sample.image);
    auto size = check_image_file(bytes, sample.image.string());
    if (!size) {
        const auto pixels = decode(bytes, sample.image, cv::IMREAD_UNCHANGED);
        size = {pixels.rows, pixels.cols};
    }
    if (!sample.crop) { return {size->height, size->width}; }
    require_inside(*sample.crop, size->height, sample.image);
    return {sample.crop->last - sample.crop->first, size->width};
}

void write_png(const fs::path& path, const Image& image) {
    cv::Mat bgr;
    cv::cvtColor(pixels_of(image), bgr, cv::COLOR_RGB2BGR);
    write_png(path, bgr);
}

void write_png(const fs::path& path, const Mask& mask) {
    write_png(path, cv::Mat(pixels_of(mask) * 255));
}

}  // namespace patchead
