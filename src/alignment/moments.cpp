#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "estimator.hpp"
#include "frame.hpp"

/// \file
/// \brief Centroid and principal axis of the foreground.

namespace patchead {
namespace {

struct Shape {
    bool is_there = false;
    Point centroid;
    double angle = 0;     ///< Of the principal axis, towards its longer tail, in radians.
    double skewness = 0;  ///< Along the axis; not negative.
    double area = 0;      ///< Of the frame.
};

/// The third standardised moment along the direction of `angle`.
double skewness_along(const cv::Moments& m, double angle) {
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    const double variance = (c * c * m.mu20 + 2 * c * s * m.mu11 + s * s * m.mu02) / m.m00;
    const double third = (c * c * c * m.mu30 + 3 * c * c * s * m.mu21 + 3 * c * s * s * m.mu12 +
                          s * s * s * m.mu03) /
                         m.m00;
    return variance > 0 ? third / std::pow(variance, 1.5) : 0;
}

}  // namespace

std::any look_at_moments(const View& view) {
    if (view.foreground.empty()) { return Shape{}; }
    const auto m = cv::moments(view.foreground, true);
    const double side = view.foreground.cols;
    Shape shape{true, {(m.m10 / m.m00 + 0.5) / side, (m.m01 / m.m00 + 0.5) / side}, 0, 0, 0};
    shape.angle = 0.5 * std::atan2(2 * m.mu11, m.mu20 - m.mu02);
    shape.skewness = skewness_along(m, shape.angle);
    if (shape.skewness < 0) {
        shape.angle += std::numbers::pi;
        shape.skewness = -shape.skewness;
    }
    shape.area = m.m00 / (side * side);
    return shape;
}

std::vector<Proposal> propose_from_moments(const std::any& source, const std::any& target,
                                           AlignModel model) {
    const auto& a = std::any_cast<const Shape&>(source);
    const auto& b = std::any_cast<const Shape&>(target);
    if (!a.is_there || !b.is_there) { return {}; }
    const double scale = std::sqrt(b.area / a.area);
    const double used = model == AlignModel::similarity ? scale : 1;
    std::vector<Proposal> proposals;
    for (const double flip : {0.0, std::numbers::pi}) {
        const auto transform = turn(b.angle - a.angle + flip, used, a.centroid, b.centroid);
        proposals.push_back({transform, scale, std::nullopt});
    }
    return proposals;
}

}  // namespace patchead
