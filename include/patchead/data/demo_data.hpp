#pragma once

#include <cstdint>
#include <filesystem>

/// \file
/// \brief A synthetic data set in MVTec layout, so that everything runs without a download.

namespace patchead {

/// What `write_demo_data` makes; the defaults are the demo.
struct DemoDataOptions {
    std::uint64_t seed = 0;
    int side_px = 256;
    int train = 8;       ///< Good training images of each category.
    int test_good = 8;   ///< Good test images of each category.
    int per_defect = 4;  ///< Test images of each defect type of each category.
};

/// Writes `root/mvtec-like/<category>/{train,test,ground_truth}/...`: two objects with random pose
/// and one texture, several kinds of defect each, with exact masks.
///
/// Deterministic: the same bytes for the same options. Throws DataError if `root` cannot be
/// written or already holds something else.
void write_demo_data(const std::filesystem::path& root, const DemoDataOptions& options);

}  // namespace patchead
