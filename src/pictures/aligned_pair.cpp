#include "patchead/pictures/aligned_pair.hpp"

#include <array>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "heatmap_panels.hpp"
#include "patchead/core/error.hpp"
#include "picture.hpp"

namespace patchead {
namespace {

// Lengths in pixels of the picture.
constexpr int kSide = 256;
constexpr int kMargin = 8;
constexpr int kText = 20;

/// What both show is gray; what only one shows is red or cyan.
cv::Mat blend(const cv::Mat& target, const cv::Mat& aligned) {
    cv::Mat a, b, both;
    cv::cvtColor(target, a, cv::COLOR_BGR2GRAY);
    cv::cvtColor(aligned, b, cv::COLOR_BGR2GRAY);
    cv::merge(std::vector<cv::Mat>{a, a, b}, both);
    return both;
}

bool same_size(const Image& a, const Image& b) {
    return a.height == b.height && a.width == b.width && !a.rgb.empty() && !b.rgb.empty();
}

}  // namespace

void write_aligned_pair(const std::filesystem::path& path, const AlignedPair& pair) {
    require<DataError>(same_size(pair.target, pair.source) && same_size(pair.target, pair.aligned),
                       "cannot draw '", pair.caption, "' (its images are empty or of several ",
                       "sizes); give three of one size");
    const auto target = input_panel(pair.target, {kSide, kSide});
    const auto aligned = input_panel(pair.aligned, {kSide, kSide});
    const std::array panels{target, input_panel(pair.source, {kSide, kSide}), aligned,
                            blend(target, aligned)};
    constexpr std::array titles{"target", "source", "source, aligned", "both"};
    auto picture = blank_picture({4 * (kSide + kMargin) + kMargin, kSide + 2 * kText + kMargin});
    for (int i = 0; i < 4; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const int left = kMargin + i * (kSide + kMargin);
        write_text(picture, titles.at(at), {left, kText - 6});
        panels.at(at).copyTo(picture(cv::Rect(left, kText, kSide, kSide)));
    }
    write_text(picture, pair.caption, {kMargin, kText + kSide + kText - 4});
    write_picture(path, picture);
}

}  // namespace patchead
