#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/data/map_file.hpp"

/// \file
/// \brief What the server of MVTec AD 2 takes: maps and binary pictures of its private images.
///
///     anomaly_images/<category>/<split>/<image>.tiff              16-bit real numbers, one channel
///     anomaly_images_thresholded/<category>/<split>/<image>.png   8 bits, one channel, 0 or 255
///
/// for each image of each private split. Maps may be smaller than their images, of the same shape.

namespace patchead {

inline constexpr std::string_view kMapFolder = "anomaly_images";
inline constexpr std::string_view kBinaryFolder = "anomaly_images_thresholded";

/// Images of one private split of a category.
struct SubmittedSplit {
    std::string category;
    std::string split;                ///< "test_private" or "test_private_mixed".
    std::vector<std::string> images;  ///< Their names without suffix: "000_regular", ascending.
    std::vector<MapSize> sizes;       ///< Of the images.
};

/// All that was published, sorted by category and split.
[[nodiscard]] std::vector<SubmittedSplit> published_submission();

/// Why the server would refuse maps of just these images, one sentence each: a category, split or
/// image that is missing or too many, a name that is none. `is_whole`: false says only what is
/// wrong with the names of those that are there.
[[nodiscard]] std::vector<std::string> faults_of(std::span<const SubmittedSplit> splits,
                                                 bool is_whole);

/// By which power of two scores up to `highest` are multiplied so that they are at home among
/// 16-bit real numbers: 0 if the highest lies between 2^-6 and 32768, else what brings it to
/// between 1 and 2. A power of two changes no order and rounds nothing.
[[nodiscard]] int exponent_for(double highest);

/// Writes map and binary picture of one image into `folder`, each file whole. The map is
/// `map * 2^exponent` in 16 bits; the picture has 255 where the number in the file is above
/// `threshold * 2^exponent`, so that the one can be checked by the other.
/// Throws DataError that names the image if a number is not finite or too large.
void write_submitted(const std::filesystem::path& folder, const SubmittedSplit& split,
                     std::size_t image, const FloatMap& map, double threshold, int exponent);

/// Files of a submission of `splits`, as paths from its folder, in bytewise order.
[[nodiscard]] std::vector<std::string> submitted_files(std::span<const SubmittedSplit> splits);

/// What is wrong with the submission in `folder`, one sentence for each file at fault: it is
/// missing or too many, or not of the form above; a map whose shape is not that of its image, a
/// picture that has not the size of its map. Reads all of it.
[[nodiscard]] std::vector<std::string> check_submission(const std::filesystem::path& folder,
                                                        std::span<const SubmittedSplit> splits);

}  // namespace patchead
