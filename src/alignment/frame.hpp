#pragma once

#include "patchead/core/types.hpp"

/// \file
/// \brief Points and areas of the frame of an image, in units of its side.

namespace patchead::inline alignment_detail {

struct Point {
    double x = 0;
    double y = 0;
};

/// The part [left, right] x [top, bottom] of a frame.
struct Part {
    double left = 0;
    double top = 0;
    double right = 1;
    double bottom = 1;
};

[[nodiscard]] inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
[[nodiscard]] inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
[[nodiscard]] inline double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
[[nodiscard]] inline double cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }

/// Where `point` of the source comes to lie.
[[nodiscard]] inline Point moved(const Transform& transform, Point point) {
    const auto& m = transform.m;
    return {m[0] * point.x + m[1] * point.y + m[2], m[3] * point.x + m[4] * point.y + m[5]};
}

[[nodiscard]] inline bool in_frame(Point point) {
    return point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1;
}

/// The turn by `angle` radians (from x towards y) and growth by `scale` that takes `from` to `to`.
[[nodiscard]] Transform turn(double angle, double scale, Point from, Point to);

/// Area of the part of the target that the source's frame covers; exact.
[[nodiscard]] double covered_area(const Transform& transform, const Part& part);

}  // namespace patchead::inline alignment_detail
