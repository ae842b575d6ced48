#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "patchead/core/types.hpp"

/// \file
/// \brief Known motions, and how far apart two are.

namespace patchead {

constexpr int kSide = 448;

/// Where a part lies: turned about the image centre from x towards y, then moved.
struct Pose {
    double degrees = 0;
    double right_px = 0;
    double down_px = 0;
    double scale = 1;
};

/// The motion from the position in which a part is drawn, in closed form.
inline Transform motion(const Pose& pose) {
    const double c = pose.scale * std::cos(pose.degrees * std::numbers::pi / 180);
    const double s = pose.scale * std::sin(pose.degrees * std::numbers::pi / 180);
    return {{c, -s, 0.5 - 0.5 * c + 0.5 * s + pose.right_px / kSide, s, c,
             0.5 - 0.5 * s - 0.5 * c + pose.down_px / kSide}};
}

inline Transform shift(double x, double y) { return {{1, 0, x, 0, 1, y}}; }

/// How far apart two transforms put three points of an image, at most; in px of `kSide`.
inline double distance_px(const Transform& a, const Transform& b) {
    double largest = 0;
    for (const auto& [x, y] : {std::pair{0.25, 0.25}, {0.75, 0.3}, {0.5, 0.8}}) {
        const auto dx = (a.m[0] - b.m[0]) * x + (a.m[1] - b.m[1]) * y + a.m[2] - b.m[2];
        const auto dy = (a.m[3] - b.m[3]) * x + (a.m[4] - b.m[4]) * y + a.m[5] - b.m[5];
        largest = std::max(largest, kSide * std::hypot(dx, dy));
    }
    return largest;
}

}  // namespace patchead
