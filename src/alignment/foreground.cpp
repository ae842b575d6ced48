#include "foreground.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace patchead::inline alignment_detail {
namespace {

constexpr double kBlur = 1.0 / 224;     ///< Sigma per side: 2 px at 448.
constexpr double kBorder = 1.0 / 32;    ///< Width per side of the strip that shows the ground.
constexpr double kColourWeight = 3;     ///< Of a level of chroma against one of brightness.
constexpr double kLeastContrast = 10;   ///< Levels between ground and object.
constexpr double kLeastArea = 0.02;     ///< Of the image; less is dust, or a defect of a texture.
constexpr double kMostArea = 0.9;       ///< More is no object on a ground.
constexpr double kMostOfBorder = 0.35;  ///< Share of the strip that an object may cover.

/// Width per side of the ramp by which a shadow rises to the threshold of the foreground, at least;
/// an edge of the object, blurred as above, takes half of it.
constexpr double kRamp = 1.0 / 56;
/// Width per side of gaps in an outline that are closed: between the turns of a thread, and where a
/// highlight is as bright as a shadow.
constexpr double kGap = 1.0 / 12;
/// Shares of the foreground that an object without its shadow takes: less is a dark detail of it,
/// and more says that the foreground holds no shadow worth speaking of.
constexpr double kLeastCore = 0.4;
constexpr double kMostCore = 0.95;

/// 255 on the strip along the four borders.
cv::Mat border_strip(cv::Size size) {
    const int width = std::max(1, static_cast<int>(kBorder * size.width));
    cv::Mat strip(size, CV_8UC1, cv::Scalar(255));
    strip(cv::Rect(width, width, size.width - 2 * width, size.height - 2 * width)).setTo(0);
    return strip;
}

/// Those of `values` that lie where `mask` is not 0. Shape: `[n, 1]`, CV_8UC1.
cv::Mat values_inside(const cv::Mat& values, const cv::Mat& mask) {
    cv::Mat_<std::uint8_t> inside;
    const cv::Mat_<std::uint8_t> levels(values);
    auto level = levels.begin();
    for (const auto is_inside : cv::Mat_<std::uint8_t>(mask)) {
        if (is_inside != 0) { inside.push_back(*level); }
        ++level;
    }
    return inside;
}

/// Median of the strip in one channel.
double ground_level(const cv::Mat& channel, const cv::Mat& strip) {
    cv::Mat_<std::uint8_t> values = values_inside(channel, strip);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.total() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// How an image differs from its ground. Shapes: `[side, side]`, CV_8UC1.
struct Difference {
    cv::Mat strip;      ///< 255 where the ground is looked at.
    cv::Mat colour;     ///< Levels of chroma, weighted.
    cv::Mat is_darker;  ///< 255 or 0.
    /// In brightness or in colour, whichever is larger: gray alone would miss a part that is as
    /// bright as the ground, and red, green and blue alike would take the shadow, which is darker
    /// but has no colour of its own, for a part of the object.
    cv::Mat largest;
};

Difference difference_from_ground(const cv::Mat& rgb) {
    cv::Mat smooth;
    cv::GaussianBlur(rgb, smooth, {}, kBlur * rgb.cols);
    cv::cvtColor(smooth, smooth, cv::COLOR_RGB2YCrCb);
    std::array<cv::Mat, 3> channels;
    cv::split(smooth, channels.data());
    Difference result;
    result.strip = border_strip(rgb.size());
    std::array<cv::Mat, 3> differences;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const double ground = ground_level(channels[c], result.strip);
        cv::absdiff(channels[c], cv::Scalar(ground), differences[c]);
        if (c == 0) { result.is_darker = channels[c] < ground; }
    }
    result.colour = cv::max(differences[1], differences[2]) * kColourWeight;
    result.largest = cv::max(differences[0], result.colour);
    return result;
}

double share(const cv::Mat& mask) {
    return static_cast<double>(cv::countNonZero(mask)) / static_cast<double>(mask.total());
}

/// What differs from the ground by more than Otsu's threshold.
struct Foreground {
    cv::Mat mask;  ///< Empty if nothing stands out.
    double threshold;
};

Foreground foreground_of(const Difference& difference) {
    Foreground found;
    found.threshold =
        cv::threshold(difference.largest, found.mask, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    const double area = share(found.mask);
    const bool stands_out =
        found.threshold >= kLeastContrast && area >= kLeastArea && area <= kMostArea &&
        share(found.mask & difference.strip) <= kMostOfBorder * share(difference.strip);
    if (!stands_out) { found.mask.release(); }
    return found;
}

/// Levels per pixel. Shape: as `levels`, CV_32FC1.
cv::Mat slope_of(const cv::Mat& levels) {
    constexpr double kOfSobel = 1.0 / 8;
    cv::Mat across;
    cv::Mat down;
    cv::Sobel(levels, across, CV_32F, 1, 0, 3, kOfSobel);
    cv::Sobel(levels, down, CV_32F, 0, 1, 3, kOfSobel);
    cv::Mat slope;
    cv::magnitude(across, down, slope);
    return slope;
}

/// The foreground without what may be shadow: darker than the ground, without a colour of its own,
/// on the weaker side of Otsu's threshold for the foreground alone, and without a steep edge. Other
/// weak parts, such as those of a bright or coloured object or of a lit flank, no shadow looks
/// like.
cv::Mat core_of(const Foreground& foreground, const Difference& difference) {
    cv::Mat unused;
    const double weak = cv::threshold(values_inside(difference.largest, foreground.mask), unused, 0,
                                      255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    const double steep = foreground.threshold / (kRamp * difference.largest.cols);
    const cv::Mat may_be_shadow = difference.is_darker & (difference.largest <= weak) &
                                  (difference.colour <= foreground.threshold) &
                                  (slope_of(difference.largest) <= steep);
    return foreground.mask & ~may_be_shadow;
}

/// `mask` with its gaps closed and its holes filled: whether a gap or a hole is dark depends on
/// where the light comes from.
cv::Mat filled(const cv::Mat& mask) {
    const int width = static_cast<int>(kGap * mask.cols) | 1;
    cv::Mat closed;
    cv::morphologyEx(mask, closed, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_ELLIPSE, {width, width}));
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(closed, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    cv::drawContours(closed, outlines, -1, cv::Scalar(255), cv::FILLED);
    return closed;
}

}  // namespace

cv::Mat find_foreground(const cv::Mat& rgb) {
    return foreground_of(difference_from_ground(rgb)).mask;
}

Object find_object(const cv::Mat& rgb) {
    const auto difference = difference_from_ground(rgb);
    const auto foreground = foreground_of(difference);
    if (foreground.mask.empty()) { return {}; }
    const auto core = filled(core_of(foreground, difference));
    const double part = share(core) / share(filled(foreground.mask));
    if (part < kLeastCore || part > kMostCore) { return {foreground.mask, false}; }
    return {core, true};
}

}  // namespace patchead::inline alignment_detail
