#include "datasets/file_facts.hpp"

#include <algorithm>
#include <tuple>

#include "datasets/odd_images.hpp"
#include "images/decode.hpp"
#include "images/image_file.hpp"
#include "images/mask_levels.hpp"
#include "patchead/core/bounded_files.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/image_io.hpp"

namespace patchead::inline data_detail {
namespace {

/// Whether one of the eight pixels around (x, y) has a level above 0 other than its own.
bool is_blended(const cv::Mat& levels, int y, int x) {
    const auto own = levels.at<float>(y, x);
    for (int v = std::max(y - 1, 0); v <= std::min(y + 1, levels.rows - 1); ++v) {
        for (int u = std::max(x - 1, 0); u <= std::min(x + 1, levels.cols - 1); ++u) {
            const auto other = levels.at<float>(v, u);
            if (other > 0 && other != own) { return true; }
        }
    }
    return false;
}

double share_of_border(const cv::Mat& anomalous) {
    const int rows = anomalous.rows;
    const int cols = anomalous.cols;
    const int found =
        cv::countNonZero(anomalous.row(0)) + cv::countNonZero(anomalous.row(rows - 1)) +
        cv::countNonZero(anomalous.col(0)) + cv::countNonZero(anomalous.col(cols - 1));
    return static_cast<double>(found) / (2.0 * (rows + cols));
}

MaskFacts facts_of_levels(const cv::Mat& levels, double threshold) {
    const auto count = [](const cv::Mat& mask) {
        return static_cast<std::size_t>(cv::countNonZero(mask));
    };
    MaskFacts facts;
    double smallest = 0;
    double largest = 0;
    cv::minMaxLoc(levels, &smallest, &largest);
    facts.smallest = static_cast<float>(smallest);
    facts.largest = static_cast<float>(largest);
    facts.pixels = levels.total();
    const cv::Mat anomalous = levels > threshold;
    facts.anomalous = count(anomalous);
    facts.anomalous_border = share_of_border(anomalous);
    facts.above_zero = count(levels > 0);
    facts.above_half = count(levels > 127.5);
    for (int y = 0; y < levels.rows; ++y) {
        for (int x = 0; x < levels.cols; ++x) {
            const auto level = levels.at<float>(y, x);
            if (level <= 0 || level >= facts.largest) { continue; }
            ++facts.between;
            facts.blended += is_blended(levels, y, x) ? 1 : 0;
        }
    }
    return facts;
}

/// Whether any of its masks is.
bool is_lossy(const Sample& sample) {
    return std::ranges::any_of(sample.masks(), [](const std::filesystem::path& mask) {
        const auto header = check_image_file(read_text(mask, kMostPictureBytes), mask.string());
        return header && header->is_lossy;
    });
}

void read_image_facts(const Sample& sample, bool decode_image, FileFacts& facts) {
    const auto bytes = read_text(sample.image, kMostPictureBytes);
    const auto name = sample.image.string();
    if (decode_image) { facts.digest = sha256(bytes); }
    if (const auto header = check_image_file(bytes, name)) {
        facts.bits = header->bits;
        facts.orientation = header->orientation;
    }
    if (facts.bits == 16) {
        double darkest = 0;
        double brightest = 0;
        cv::minMaxLoc(decode_samples(bytes, name).reshape(1), &darkest, &brightest);
        facts.darkest = static_cast<int>(darkest);
        facts.brightest = static_cast<int>(brightest);
    }
    if (decode_image) {
        const auto image = read_image(sample);
        facts.is_heat_map = has_colours_of_a_heat_map(image);
        facts.height = image.height;
        facts.width = image.width;
    } else {
        std::tie(facts.height, facts.width) = image_size(sample);
    }
}

}  // namespace

FileFacts read_facts(const Sample& sample, double truth_threshold, bool decode_image) {
    FileFacts facts;
    try {
        read_image_facts(sample, decode_image, facts);
        if (!sample.mask.empty()) {
            facts.mask = facts_of_levels(read_mask_levels(sample, facts.height, facts.width),
                                         truth_threshold);
            facts.mask->is_lossy = is_lossy(sample);
        }
    } catch (const DataError& error) { facts.error = error.what(); }
    return facts;
}

}  // namespace patchead::inline data_detail
