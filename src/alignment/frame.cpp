#include "frame.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace patchead::inline alignment_detail {
namespace {

using Polygon = std::vector<Point>;

/// The part of `polygon` left of (x towards y: inside of) the line from `from` to `to`.
/// Source: Sutherland and Hodgman, "Reentrant polygon clipping", 1974.
Polygon clip(const Polygon& polygon, Point from, Point to) {
    Polygon inside;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const auto a = polygon[i];
        const auto b = polygon[(i + 1) % polygon.size()];
        const double side_a = cross(to - from, a - from);
        const double side_b = cross(to - from, b - from);
        if (side_a >= 0) { inside.push_back(a); }
        if ((side_a > 0 && side_b < 0) || (side_a < 0 && side_b > 0)) {
            const double share = side_a / (side_a - side_b);
            inside.push_back({a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)});
        }
    }
    return inside;
}

/// Signed area: positive where the corners go from x towards y.
double area(const Polygon& polygon) {
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        twice += cross(polygon[i], polygon[(i + 1) % polygon.size()]);
    }
    return twice / 2;
}

std::array<Point, 4> corners(const Part& part) {
    return {{{part.left, part.top},
             {part.right, part.top},
             {part.right, part.bottom},
             {part.left, part.bottom}}};
}

}  // namespace

Transform turn(double angle, double scale, Point from, Point to) {
    const double c = scale * std::cos(angle);
    const double s = scale * std::sin(angle);
    return {{c, -s, to.x - c * from.x + s * from.y, s, c, to.y - s * from.x - c * from.y}};
}

double covered_area(const Transform& transform, const Part& part) {
    Polygon covered;
    for (const auto corner : corners(Part{})) { covered.push_back(moved(transform, corner)); }
    const auto window = corners(part);
    for (std::size_t i = 0; i < window.size(); ++i) {
        covered = clip(covered, window[i], window[(i + 1) % window.size()]);
    }
    return std::abs(area(covered));
}

}  // namespace patchead::inline alignment_detail
