#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "estimator.hpp"
#include "frame.hpp"

/// \file
/// \brief Centroid and principal axis of the object.

namespace patchead::inline alignment_detail {
namespace {

struct Shape {
    bool is_there = false;
    Point centroid;
    double angle = 0;  ///< Of the principal axis, modulo half a turn, in radians.
    /// Standard deviation along the axis, in sides. It tells the scale better than the area does,
    /// of which a long thin part has more when some of its shadow is taken for a part of it.
    double length = 0;
};

}  // namespace

std::any look_at_moments(const View& view) {
    if (view.object.empty()) { return Shape{}; }
    const auto m = cv::moments(view.object, true);
    const double side = view.object.cols;
    const double half_sum = (m.mu20 + m.mu02) / 2;
    const double half_difference = std::hypot((m.mu20 - m.mu02) / 2, m.mu11);
    return Shape{true,
                 {(m.m10 / m.m00 + 0.5) / side, (m.m01 / m.m00 + 0.5) / side},
                 0.5 * std::atan2(2 * m.mu11, m.mu20 - m.mu02),
                 std::sqrt((half_sum + half_difference) / m.m00) / side};
}

/// The axes made parallel, either way round, and the centroids made one without any turn, which is
/// right where the shape has no axis. The pixels decide, since the skewness along the axis would be
/// close to 0 for a capsule.
std::vector<Proposal> propose_from_moments(const std::any& source, const std::any& target,
                                           AlignModel model) {
    const auto& a = std::any_cast<const Shape&>(source);
    const auto& b = std::any_cast<const Shape&>(target);
    if (!a.is_there || !b.is_there) { return {}; }
    const double scale = b.length / a.length;
    const double used = model == AlignModel::similarity ? scale : 1;
    const double angle = b.angle - a.angle;
    std::vector<Proposal> proposals;
    for (const double turn_by : {angle, angle + std::numbers::pi, 0.0}) {
        const auto transform = turn(turn_by, used, a.centroid, b.centroid);
        proposals.push_back({transform, scale, std::nullopt});
    }
    return proposals;
}

}  // namespace patchead::inline alignment_detail
