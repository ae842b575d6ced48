#include "judge.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "frame.hpp"
#include "patchead/alignment/warp.hpp"

namespace patchead {
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

using Colour = std::array<double, 3>;

/// Running sums of pairs of colours.
class Sums {
  public:
    void add(const Colour& a, const Colour& b) {
        n_ += 1;
        for (std::size_t c = 0; c < 3; ++c) {
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
    static double product(const Colour& a, const Colour& b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
    double n_ = 0;
    Colour a_{};
    Colour b_{};
    double aa_ = 0, bb_ = 0, ab_ = 0;
};

/// Bilinear between the pixel centres (at whole numbers), as at the outermost ones beyond these.
Colour colour_at(const SmallCopy& image, double x, double y) {
    const double last = image.side_px - 1;
    x = std::clamp(x, 0.0, last);
    y = std::clamp(y, 0.0, last);
    const auto side = static_cast<std::size_t>(image.side_px);
    const auto col = static_cast<std::size_t>(x);
    const auto row = static_cast<std::size_t>(y);
    const auto right = std::min(col + 1, side - 1);
    const auto below = std::min(row + 1, side - 1);
    const double fx = x - static_cast<double>(col);
    const double fy = y - static_cast<double>(row);
    const auto* upper = image.rgb.data() + 3 * side * row;
    const auto* lower = image.rgb.data() + 3 * side * below;
    Colour colour;
    for (std::size_t c = 0; c < 3; ++c) {
        const double top = upper[3 * col + c] * (1 - fx) + upper[3 * right + c] * fx;
        const double bottom = lower[3 * col + c] * (1 - fx) + lower[3 * right + c] * fx;
        colour[c] = top * (1 - fy) + bottom * fy;
    }
    return colour;
}

/// Correlation of the pixels of the target that the source covers and `counts` names, given the
/// number of the pixel and where in the source it comes from.
template <class Counts>
double correlation_where(const SmallCopy& source, const SmallCopy& target,
                         const Transform& transform, Counts counts) {
    const auto back = inverse(transform);
    const int side = target.side_px;
    Sums sums;
    std::size_t pixel = 0;
    for (int row = 0; row < side; ++row) {
        for (int col = 0; col < side; ++col, ++pixel) {
            const auto from = moved(back, {(col + 0.5) / side, (row + 0.5) / side});
            if (!in_frame(from) || !counts(pixel, from)) { continue; }
            const auto* b = target.rgb.data() + 3 * pixel;
            sums.add(colour_at(source, from.x * side - 0.5, from.y * side - 0.5),
                     {b[0], b[1], b[2]});
        }
    }
    return sums.correlation();
}

bool is_on_object(const SmallCopy& image, Point place) {
    const int last = image.side_px - 1;
    const auto col = std::min(static_cast<int>(place.x * image.side_px), last);
    const auto row = std::min(static_cast<int>(place.y * image.side_px), last);
    return image.foreground[static_cast<std::size_t>(row * image.side_px + col)] != 0;
}

}  // namespace

double correlation(const SmallCopy& source, const SmallCopy& target, const Transform& transform) {
    return correlation_where(source, target, transform, [](std::size_t, Point) { return true; });
}

double object_correlation(const SmallCopy& source, const SmallCopy& target,
                          const Transform& transform) {
    if (!source.has_object && !target.has_object) { return correlation(source, target, transform); }
    return correlation_where(source, target, transform, [&](std::size_t pixel, Point from) {
        return target.foreground[pixel] != 0 || is_on_object(source, from);
    });
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

}  // namespace patchead
