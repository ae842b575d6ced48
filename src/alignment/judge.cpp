#include "judge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "frame.hpp"
#include "patchead/alignment/warp.hpp"
#include "patchead/core/vectorised.hpp"

namespace patchead::inline alignment_detail {
namespace {

// Limits of docs/method.md. Those of keypoints are usual ones; that of the scale says "same camera,
// same kind of part".
constexpr int kLeastInliers = 8;
constexpr double kLeastInlierShare = 0.25;
constexpr double kLeastScale = 0.9;
constexpr double kMostScale = 1.1;
constexpr double kMostShift = 0.5;     ///< Of the image centre, in sides.
constexpr double kLeastOverlap = 0.5;  ///< Of the target.

/// By how much the correlation must rise; less happens by chance.
constexpr double kLeastGain = 0.02;
/// What it must reach: unrelated textures come up to this by chance.
constexpr double kLeastCorrelation = 0.3;

/// Variance, in squared gray levels, below which an image is blank and its correlation noise of
/// rounding.
constexpr double kBlank = 1e-6;

/// Of the silhouettes in the agreement; that of the colours is 1.
constexpr double kOutlineWeight = 2;

// What is computed for each pixel is inlined, so that it uses the vectors of its caller.
#define PATCHEAD_INLINE [[gnu::always_inline]] inline

/// Red, green, blue and the silhouette of a pixel, side by side so that they are computed at once.
constexpr std::size_t kChannels = 4;
using Values = std::array<double, kChannels>;

/// Running sums of pairs of pixels, of the channels [First, Last) of them.
template <std::size_t First, std::size_t Last>
class Sums {
  public:
    PATCHEAD_INLINE void add(const Values& a, const Values& b) {
        n_ += 1;
        for (auto c = First; c < Last; ++c) {
            a_[c] += a[c];
            b_[c] += b[c];
            aa_ += a[c] * a[c];
            bb_ += b[c] * b[c];
            ab_ += a[c] * b[c];
        }
    }
    [[nodiscard]] double correlation() const {
        const double aa = aa_ - product(a_, a_) / n_;
        const double bb = bb_ - product(b_, b_) / n_;
        if (!(aa > kBlank * n_ && bb > kBlank * n_)) { return 0; }
        return std::clamp((ab_ - product(a_, b_) / n_) / std::sqrt(aa * bb), -1.0, 1.0);
    }

  private:
    static double product(const Values& a, const Values& b) {
        return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    }
    double n_ = 0;
    Values a_{};  ///< 0 in the other channels.
    Values b_{};
    double aa_ = 0, bb_ = 0, ab_ = 0;
};
using ColourSums = Sums<0, 3>;
using OutlineSums = Sums<3, 4>;

/// A place between four pixels: their numbers, and how far it lies from the upper left one.
struct Between {
    std::size_t upper_left, upper_right, lower_left, lower_right;
    double right, down;
};

/// Bilinear between the pixel centres, as at the outermost ones beyond these.
PATCHEAD_INLINE Between between(Point place, int side_px) {
    const double last = side_px - 1;
    const double x = std::clamp(place.x * side_px - 0.5, 0.0, last);
    const double y = std::clamp(place.y * side_px - 0.5, 0.0, last);
    const auto side = static_cast<std::size_t>(side_px);
    const auto col = static_cast<std::size_t>(x);
    const auto row = static_cast<std::size_t>(y);
    const auto next = std::min(col + 1, side - 1);
    const auto below = std::min(row + 1, side - 1);
    return {row * side + col,
            row * side + next,
            below * side + col,
            below * side + next,
            x - static_cast<double>(col),
            y - static_cast<double>(row)};
}

PATCHEAD_INLINE Values pixel_of(const SmallCopy& image, std::size_t pixel) {
    const auto* channels = image.pixels.data() + kChannels * pixel;
    return {double{channels[0]}, double{channels[1]}, double{channels[2]}, double{channels[3]}};
}

PATCHEAD_INLINE Values sampled(const SmallCopy& image, Point place) {
    const auto at = between(place, image.side_px);
    const auto upper_left = pixel_of(image, at.upper_left);
    const auto upper_right = pixel_of(image, at.upper_right);
    const auto lower_left = pixel_of(image, at.lower_left);
    const auto lower_right = pixel_of(image, at.lower_right);
    Values values;
    for (std::size_t c = 0; c < kChannels; ++c) {
        const double top = upper_left[c] * (1 - at.right) + upper_right[c] * at.right;
        const double bottom = lower_left[c] * (1 - at.right) + lower_right[c] * at.right;
        values[c] = top * (1 - at.down) + bottom * at.down;
    }
    return values;
}

/// Calls `visit(pixel of the target, where in the source it comes from)` for all that the source
/// covers.
template <class Visit>
PATCHEAD_INLINE void for_each_covered(const SmallCopy& target, const Transform& transform,
                                      Visit visit) {
    const auto back = inverse(transform);
    std::vector<double> centres;
    centres.reserve(static_cast<std::size_t>(target.side_px));
    for (int i = 0; i < target.side_px; ++i) { centres.push_back((i + 0.5) / target.side_px); }
    std::size_t pixel = 0;
    for (const double y : centres) {
        for (const double x : centres) {
            const auto from = moved(back, {x, y});
            if (in_frame(from)) { visit(pixel, from); }
            ++pixel;
        }
    }
}

PATCHEAD_INLINE bool is_near_object(const SmallCopy& image, Point place) {
    const auto side = static_cast<std::size_t>(image.side_px);
    const auto col = std::min(static_cast<std::size_t>(place.x * image.side_px), side - 1);
    const auto row = std::min(static_cast<std::size_t>(place.y * image.side_px), side - 1);
    return image.near_object[row * side + col] != 0;
}

}  // namespace

PATCHEAD_VECTORISED double correlation(const SmallCopy& source, const SmallCopy& target,
                                       const Transform& transform) {
    ColourSums colours;
    for_each_covered(target, transform, [&](std::size_t pixel, Point from) {
        colours.add(sampled(source, from), pixel_of(target, pixel));
    });
    return colours.correlation();
}

PATCHEAD_VECTORISED double agreement(const SmallCopy& source, const SmallCopy& target,
                                     const Transform& transform) {
    if (!source.has_object && !target.has_object) { return correlation(source, target, transform); }
    ColourSums colours;
    OutlineSums outlines;
    for_each_covered(target, transform, [&](std::size_t pixel, Point from) {
        if (target.near_object[pixel] == 0 && !is_near_object(source, from)) { return; }
        const auto there = sampled(source, from);
        const auto here = pixel_of(target, pixel);
        colours.add(there, here);
        outlines.add(there, here);
    });
    if (!source.has_silhouette || !target.has_silhouette) { return colours.correlation(); }
    return (colours.correlation() + kOutlineWeight * outlines.correlation()) / (1 + kOutlineWeight);
}

bool is_plausible(const Proposal& proposal) {
    if (proposal.support) {
        const auto [matches, inliers] = *proposal.support;
        if (matches < kLeastMatches || inliers < kLeastInliers) { return false; }
        if (inliers < kLeastInlierShare * matches) { return false; }
    }
    if (!(proposal.scale >= kLeastScale && proposal.scale <= kMostScale)) { return false; }
    const Point centre{0.5, 0.5};
    const auto shift = moved(proposal.transform, centre) - centre;
    return std::hypot(shift.x, shift.y) <= kMostShift &&
           covered_area(proposal.transform, Part{}) >= kLeastOverlap;
}

bool is_gain(double before, double now) {
    return now >= before + kLeastGain && now >= kLeastCorrelation;
}

}  // namespace patchead::inline alignment_detail
