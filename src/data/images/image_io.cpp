#include "patchead/data/image_io.hpp"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "images/decode.hpp"
#include "images/image_file.hpp"
#include "images/mask_levels.hpp"
#include "images/orientation.hpp"
#include "images/parallel.hpp"
#include "images/pixels.hpp"
#include "patchead/core/bounded_files.hpp"
#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/perturb.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

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
    return {whole.data, whole.data + whole.total() * whole.elemSize()};
}

/// The bytes of its file, at hand or read.
std::shared_ptr<const std::string> file_of(const Sample& sample) {
    return sample.bytes
               ? sample.bytes
               : std::make_shared<const std::string>(read_text(sample.image, kMostPictureBytes));
}

/// The pixels of its file, turned upright where that is wanted.
cv::Mat colours_of(const Sample& sample) {
    const auto bytes = file_of(sample);
    const auto name = sample.image.string();
    const auto rgb = decode_colours(*bytes, name);
    return sample.upright ? turned_upright(rgb, orientation_of(*bytes, name)) : rgb;
}

/// What its perturbation is drawn by.
std::string name_of_image(const Sample& sample) {
    return concat(base_dataset(sample.dataset), "/", sample.id);
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
    const auto rgb = cut(colours_of(sample), sample, sample.image);
    Image image{rgb.rows, rgb.cols, bytes_of(rgb)};
    if (sample.perturbation.empty()) { return image; }
    return perturbed(image, parse_perturbation(sample.perturbation), name_of_image(sample));
}

cv::Mat data_detail::read_mask_levels(const Sample& sample, const fs::path& file, int height,
                                      int width) {
    const auto pixels =
        cut(decode_samples(read_text(file, kMostPictureBytes), file.string()), sample, file);
    const bool is_turned = pixels.rows == width && pixels.cols == height;
    require<DataError>(pixels.rows == height && pixels.cols == width, "the mask '", file.string(),
                       "' is ", pixels.cols, " x ", pixels.rows, " (its image is ", width, " x ",
                       height,
                       is_turned ? ": the mask is turned; labelled on the upright picture? An EXIF "
                                   "orientation is not applied here); turn the pixels of the image "
                                   "as its orientation says and remove the tag, or turn the mask"
                                 : "); a mask has the size of its image: get the pair from one "
                                   "release");
    return levels_of(pixels);
}

cv::Mat data_detail::read_mask_levels(const Sample& sample, int height, int width) {
    auto levels = read_mask_levels(sample, sample.mask, height, width);
    for (const auto& file : sample.more_masks) {
        levels = cv::max(levels, read_mask_levels(sample, file, height, width));
    }
    return levels;
}

namespace {

/// Where `levels` are above `threshold`, as `sample` is perturbed.
Mask mask_above(const cv::Mat& levels, double threshold, const Sample& sample) {
    const cv::Mat anomalous = (levels > threshold) & 1;
    Mask mask{levels.rows, levels.cols, bytes_of(anomalous)};
    if (sample.perturbation.empty()) { return mask; }
    return perturbed(mask, parse_perturbation(sample.perturbation), name_of_image(sample));
}

/// The area for the one level above `threshold` of a mask file.
Saturation saturation_of(const cv::Mat& levels, double threshold, const Sample& sample,
                         const fs::path& file) {
    double highest = 0;
    cv::minMaxLoc(levels, nullptr, &highest);
    const auto others = cv::countNonZero((levels > threshold) & (levels != highest));
    require<DataError>(others == 0, "the mask '", file.string(),
                       "' has several levels (a file is "
                       "one defect, whose saturation area goes by its level); unpack the archive "
                       "again, or leave sPRO out");
    const auto known = std::ranges::find(sample.saturation, highest, &Saturation::level);
    require<DataError>(known != sample.saturation.end() || highest <= threshold, "the mask '",
                       file.string(), "' has the level ", highest,
                       " (no defect of defects_config.json has it); unpack the archive again");
    return known == sample.saturation.end() ? Saturation{} : *known;
}

}  // namespace

Mask read_mask(const Sample& sample, int height, int width, double threshold) {
    if (sample.mask.empty()) {
        const auto size = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
        return {height, width, std::vector<std::uint8_t>(size)};
    }
    return mask_above(read_mask_levels(sample, height, width), threshold, sample);
}

std::vector<RegionMask> read_region_masks(const Sample& sample, int height, int width,
                                          double threshold) {
    std::vector<RegionMask> masks;
    for (const auto& file : sample.masks()) {
        const auto levels = data_detail::read_mask_levels(sample, file, height, width);
        masks.push_back({mask_above(levels, threshold, sample),
                         saturation_of(levels, threshold, sample, file)});
    }
    return masks;
}

std::pair<int, int> image_size(const Sample& sample) {
    const auto bytes = file_of(sample);
    auto size = check_image_file(*bytes, sample.image.string());
    if (!size) {
        const auto pixels = colours_of(sample);
        size = ImageHeader{pixels.rows, pixels.cols};
    } else if (sample.upright && lies_on_its_side(size->orientation)) {
        std::swap(size->height, size->width);
    }
    if (!sample.crop) { return {size->height, size->width}; }
    require_inside(*sample.crop, size->height, sample.image);
    return {sample.crop->last - sample.crop->first, size->width};
}

bool is_turned_by_exif(const Sample& sample) {
    return sample.upright && orientation_of(*file_of(sample), sample.image.string()) != 1;
}

void read_sizes(std::span<Sample> samples, int threads) {
    parallel_for(samples.size(), threads, [&](std::size_t i) {
        std::tie(samples[i].size.height, samples[i].size.width) = image_size(samples[i]);
    });
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
