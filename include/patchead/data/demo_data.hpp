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
    int per_defect = 4;  ///< Test images of each kind of defect of each category.
};

/// Writes `root/mvtec-like/<category>/{train,test,ground_truth}/...`: two objects at random places
/// and angles and one texture, four kinds of defect each. A mask holds the pixels that the defect
/// changed visibly: it is the difference of the image from the same one without the defect.
///
/// Deterministic: the same pixels for the same options on every machine. The folder appears whole
/// or not at all; if it is there already, from the same options, it is left as it is. Throws
/// CacheError if `root` cannot be written, DataError if the folder holds something else.
void write_demo_data(const std::filesystem::path& root, const DemoDataOptions& options);

}  // namespace patchead
