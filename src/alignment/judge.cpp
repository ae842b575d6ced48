#include "judge.hpp"

#include <algorithm>
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

/// Variance, in squared gray levels, below which an image is blank and its correlation noise of
/// rounding.
constexpr double kBlank = 1e-6;

/// Running sums of pairs of gray levels.
class Sums {
  public:
    void add(double a, double b) {
        n_ += 1;
        a_ += a;
        b_ += b;
        aa_ += a * a;
        bb_ += b * b;
        ab_ += a * b;
    }
    [[nodiscard]] double correlation() const {
        const double aa = aa_ - a_ * a_ / n_;
        const double bb = bb_ - b_ * b_ / n_;
        if (!(aa > kBlank * n_ && bb > kBlank * n_)) { return 0; }
        return std::clamp((ab_ - a_ * b_ / n_) / std::sqrt(aa * bb), -1.0, 1.0);
    }

  private:
    double n_ = 0, a_ = 0, b_ = 0, aa_ = 0, bb_ = 0, ab_ = 0;
};

/// Bilinear between the pixel centres (at whole numbers), as at the outermost ones beyond these.
double gray_at(const SmallCopy& image, double x, double y) {
    const double last = image.side_px - 1;
    x = std::clamp(x, 0.0, last);
    y = std::clamp(y, 0.0, last);
    const auto side = static_cast<std::size_t>(image.side_px);
    const auto col = static_cast<std::size_t>(x);
    const auto row = static_cast<std::size_t>(y);
    const auto right = std::min(col + 1, side - 1);
    const auto below = std::min(row + 1, side - 1) * side;
    const double fx = x - static_cast<double>(col);
    const double fy = y - static_cast<double>(row);
    const auto* gray = image.gray.data();
    const double top = gray[row * side + col] * (1 - fx) + gray[row * side + right] * fx;
    const double bottom = gray[below + col] * (1 - fx) + gray[below + right] * fx;
    return top * (1 - fy) + bottom * fy;
}

}  // namespace

Correlation correlate(const SmallCopy& source, const SmallCopy& target,
                      const Transform& transform) {
    const auto back = inverse(transform);
    const int side = target.side_px;
    Sums overlap;
    Sums foreground;
    std::size_t pixel = 0;
    for (int row = 0; row < side; ++row) {
        for (int col = 0; col < side; ++col, ++pixel) {
            const auto from = moved(back, {(col + 0.5) / side, (row + 0.5) / side});
            if (!in_frame(from)) { continue; }
            const double a = gray_at(source, from.x * side - 0.5, from.y * side - 0.5);
            const double b = target.gray[pixel];
            overlap.add(a, b);
            const auto x = std::min(static_cast<int>(from.x * side), side - 1);
            const auto y = std::min(static_cast<int>(from.y * side), side - 1);
            const auto there = static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                               static_cast<std::size_t>(x);
            if ((target.foreground[pixel] | source.foreground[there]) != 0) {
                foreground.add(a, b);
            }
        }
    }
    return {overlap.correlation(), foreground.correlation()};
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

}  // namespace patchead
