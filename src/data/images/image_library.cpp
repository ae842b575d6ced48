#include "patchead/data/image_library.hpp"

#include <opencv2/core.hpp>

namespace patchead {

void set_image_threads(int threads) { cv::setNumThreads(threads); }

std::string image_library_version() { return cv::getVersionString(); }

}  // namespace patchead
