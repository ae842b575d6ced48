#include "images/decode.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "images/file_bytes.hpp"
#include "images/foreign_format.hpp"
#include "images/image_file.hpp"
#include "images/pil_colours.hpp"
#include "images/tiff_file.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr const char* kUnknown = "it is in no image format known here, or damaged";

[[noreturn]] void refuse_picture(const std::string& name, const std::string& reason) {
    throw DataError(concat("cannot decode the image file '", name, "' (", reason,
                           "); copy or unpack it again"));
}

cv::Mat decode(const std::string& bytes, const std::string& name, int flags) {
    // What fails is said by our own message, once.
    static const auto before =
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    static_cast<void>(before);
    cv::Mat pixels;
    std::string reason = kUnknown;
    // OpenCV reports what it cannot do by an exception or by an empty matrix, as it comes.
    try {
        const auto size = static_cast<int>(bytes.size());
        // The matrix only reads: imdecode takes no constant bytes.
        const cv::Mat encoded(1, size, CV_8UC1, const_cast<char*>(bytes.data()));
        pixels = cv::imdecode(encoded, flags);
    } catch (const cv::Exception& error) { reason = error.err; }
    if (pixels.empty()) { refuse_picture(name, reason); }
    return pixels;
}

/// Nothing else is given to OpenCV, which would try a dozen formats more, sizes unseen.
void require_known(const std::string& bytes, const std::string& name) {
    if (check_image_file(bytes, name)) { return; }
    const auto foreign = foreign_format(bytes);
    require<DataError>(foreign.empty(), "cannot read the image file '", name, "': ", foreign);
    refuse_picture(name, kUnknown);
}

/// BMP of 16 bits a pixel has 5 bits a colour, or 6 of green: OpenCV leaves the lower bits 0.
void widen_bmp(const std::string& bytes, const std::string& name, cv::Mat& rgb) {
    if (!bytes.starts_with("BM")) { return; }
    const FileBytes file(bytes, name);
    if (file.little_endian(14, 4) < 40 || file.little_endian(28, 2) != 16) { return; }
    const bool has_masks = file.little_endian(30, 4) == 3;
    widen_short_bits(rgb, has_masks && file.little_endian(58, 4) == 0x7E0 ? 6 : 5);
}

}  // namespace

cv::Mat decode_colours(const std::string& bytes, const std::string& name) {
    if (is_tiff(bytes)) { return tiff_colours(bytes, name); }
    require_known(bytes, name);
    const auto bgr = decode(bytes, name, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    cv::Mat rgb;
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    widen_bmp(bytes, name, rgb);
    return rgb;
}

cv::Mat decode_samples(const std::string& bytes, const std::string& name) {
    if (is_tiff(bytes)) { return tiff_samples(bytes, name); }
    require_known(bytes, name);
    auto pixels = decode(bytes, name, cv::IMREAD_UNCHANGED);
    if (pixels.channels() < 4) { return pixels; }
    cv::Mat bgr;
    cv::cvtColor(pixels, bgr, cv::COLOR_BGRA2BGR);
    return bgr;
}

cv::Mat levels_of(const cv::Mat& samples) {
    std::vector<cv::Mat> channels;
    cv::split(samples, channels);
    auto largest = channels.front();
    for (const auto& channel : channels) { cv::max(largest, channel, largest); }
    double scale = samples.depth() == CV_16U ? 1.0 / 257 : 1;
    if (samples.depth() == CV_64F) {
        double top = 0;
        cv::minMaxLoc(largest, nullptr, &top);
        scale = top <= 1 ? 255 : 1;
    }
    cv::Mat levels;
    largest.convertTo(levels, CV_32F, scale);
    return levels;
}

}  // namespace patchead::inline data_detail
