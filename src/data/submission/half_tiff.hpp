#pragma once

#include <filesystem>
#include <string>

#include <opencv2/core.hpp>

#include "patchead/data/map_file.hpp"

/// \file
/// \brief TIFF files of 16-bit real numbers, one channel, as they are.

namespace patchead::inline data_detail {

/// To 16-bit real numbers, to the nearest, ties to even. CV_16F; infinite beyond 65504.
[[nodiscard]] cv::Mat to_half(const FloatMap& map, double factor);

/// Writes `half`, CV_16F, in one uncompressed strip, lowest byte first, whole or not at all.
void write_half_tiff(const std::filesystem::path& file, const cv::Mat& half);

/// Reads such a file, with any strips and compression. Throws DataError that says what it is
/// instead, with `name`; UnreadableError if it cannot be read.
[[nodiscard]] FloatMap read_half_tiff(const std::filesystem::path& file, const std::string& name);

}  // namespace patchead::inline data_detail
