#include "picture.hpp"

#include <string_view>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead::inline pictures_detail {
namespace {

constexpr double kTextScale = 0.42;
const cv::Scalar kPaper(255, 255, 255);
const cv::Scalar kInk(50, 50, 50);

}  // namespace

cv::Mat blank_picture(cv::Size size) { return {size, CV_8UC3, kPaper}; }

void write_text(cv::Mat& picture, const std::string& text, cv::Point left_baseline) {
    cv::putText(picture, text, left_baseline, cv::FONT_HERSHEY_SIMPLEX, kTextScale, kInk, 1,
                cv::LINE_AA);
}

int text_width(const std::string& text) {
    int baseline = 0;
    return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, kTextScale, 1, &baseline).width;
}

void write_picture(const std::filesystem::path& path, const cv::Mat& picture) {
    // Two thirds of the size that OpenCV's defaults give to photographs.
    const std::vector<int> options{cv::IMWRITE_PNG_COMPRESSION, 4, cv::IMWRITE_PNG_STRATEGY,
                                   cv::IMWRITE_PNG_STRATEGY_FILTERED};
    std::vector<unsigned char> png;
    require<CacheError>(cv::imencode(".png", picture, png, options), "cannot encode '",
                        path.string(), "' (OpenCV without PNG support?); see patchead doctor");
    write_whole(path, std::string_view(reinterpret_cast<const char*>(png.data()), png.size()));
}

}  // namespace patchead::inline pictures_detail
