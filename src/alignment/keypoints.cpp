#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>

#include "estimator.hpp"
#include "frame.hpp"
#include "judge.hpp"

/// \file
/// \brief Matches of keypoints, and the motion on which most of them agree.

namespace patchead::inline alignment_detail {
namespace {

constexpr int kOrbPoints = 2000;
constexpr float kRatio = 0.75F;  // Lowe, "Distinctive image features ...", 2004, section 7.1: 0.8.
constexpr double kRansacPx = 3;
constexpr int kRansacIterations = 2000;
constexpr double kRansacConfidence = 0.99;
constexpr int kRansacRefinements = 10;

struct Keypoints {
    std::vector<cv::Point2d> places;  ///< In pixels of the working size, centres at halves.
    cv::Mat descriptors;              ///< One row per place.
    int norm = cv::NORM_L2;
    double side_px = 0;
};

/// Detectors that work in threads may give their points in any order.
std::vector<int> in_fixed_order(const std::vector<cv::KeyPoint>& points) {
    std::vector<int> order(points.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](int i) {
        const auto& p = points[static_cast<std::size_t>(i)];
        return std::tuple(p.pt.y, p.pt.x, p.size, p.angle, p.response, p.octave);
    });
    return order;
}

/// `offset(octave)` is what OpenCV's detector forgets between the pixel centres of a coarse copy of
/// the image and those of the image itself.
template <class Offset>
Keypoints look(const View& view, cv::Feature2D& detector, int norm, Offset offset) {
    std::vector<cv::KeyPoint> points;
    cv::Mat rows;
    detector.detectAndCompute(view.gray, cv::noArray(), points, rows);
    Keypoints keypoints{{}, {}, norm, static_cast<double>(view.gray.cols)};
    for (const int i : in_fixed_order(points)) {
        const auto& point = points[static_cast<std::size_t>(i)];
        const double shift = 0.5 + offset(point.octave);
        keypoints.places.emplace_back(point.pt.x + shift, point.pt.y + shift);
        keypoints.descriptors.push_back(rows.row(i));
    }
    return keypoints;
}

struct Pairs {
    std::vector<cv::Point2d> from;
    std::vector<cv::Point2d> to;
};

/// Pairs of which the second-best partner is clearly worse than the best.
Pairs match(const Keypoints& source, const Keypoints& target) {
    Pairs pairs;
    if (source.places.empty() || target.places.size() < 2) { return pairs; }
    std::vector<std::vector<cv::DMatch>> nearest;
    cv::BFMatcher(source.norm).knnMatch(source.descriptors, target.descriptors, nearest, 2);
    for (const auto& two : nearest) {
        if (two.size() < 2 || !(two[0].distance < kRatio * two[1].distance)) { continue; }
        pairs.from.push_back(source.places[static_cast<std::size_t>(two[0].queryIdx)]);
        pairs.to.push_back(target.places[static_cast<std::size_t>(two[0].trainIdx)]);
    }
    return pairs;
}

Pairs inliers_of(const Pairs& pairs, const std::vector<std::uint8_t>& is_inlier) {
    Pairs inliers;
    for (std::size_t i = 0; i < pairs.from.size(); ++i) {
        if (is_inlier[i] == 0) { continue; }
        inliers.from.push_back(pairs.from[i]);
        inliers.to.push_back(pairs.to[i]);
    }
    return inliers;
}

Point centroid(const std::vector<cv::Point2d>& places) {
    const auto sum = std::accumulate(places.begin(), places.end(), cv::Point2d());
    const auto count = static_cast<double>(places.size());
    return {sum.x / count, sum.y / count};
}

/// Least-squares motion of the given scale, in sides. Source: Kabsch 1976, in two dimensions.
Transform fit(const Pairs& pairs, double scale, double side_px) {
    const auto from = centroid(pairs.from);
    const auto to = centroid(pairs.to);
    double cosine = 0;
    double sine = 0;
    for (std::size_t i = 0; i < pairs.from.size(); ++i) {
        const auto a = Point{pairs.from[i].x, pairs.from[i].y} - from;
        const auto b = Point{pairs.to[i].x, pairs.to[i].y} - to;
        cosine += dot(a, b);
        sine += cross(a, b);
    }
    return turn(std::atan2(sine, cosine), scale, {from.x / side_px, from.y / side_px},
                {to.x / side_px, to.y / side_px});
}

}  // namespace

std::any look_at_orb(const View& view) {
    const auto detector = cv::ORB::create(kOrbPoints);
    const double step = detector->getScaleFactor();
    return look(view, *detector, cv::NORM_HAMMING,
                [&](int octave) { return 0.5 * (std::pow(step, octave) - 1); });
}

std::any look_at_sift(const View& view) {
    // The detector starts from a copy of twice the size, and halves what it finds there.
    return look(view, *cv::SIFT::create(), cv::NORM_L2, [](int) { return -0.25; });
}

std::any look_at_akaze(const View& view) {
    return look(view, *cv::AKAZE::create(), cv::NORM_HAMMING, [](int) { return 0.0; });
}

std::vector<Proposal> propose_from_keypoints(const std::any& source, const std::any& target,
                                             AlignModel model) {
    const auto& a = std::any_cast<const Keypoints&>(source);
    const auto& b = std::any_cast<const Keypoints&>(target);
    const auto pairs = match(a, b);
    Proposal proposal;
    proposal.support = Support{static_cast<int>(pairs.from.size()), 0};
    if (proposal.support->matches < kLeastMatches) { return {proposal}; }
    // RANSAC draws from a generator of its own, seeded alike in each call.
    std::vector<std::uint8_t> is_inlier;
    const cv::Mat estimate =
        cv::estimateAffinePartial2D(pairs.from, pairs.to, is_inlier, cv::RANSAC, kRansacPx,
                                    kRansacIterations, kRansacConfidence, kRansacRefinements);
    if (estimate.empty()) { return {proposal}; }
    const auto inliers = inliers_of(pairs, is_inlier);
    proposal.support->inliers = static_cast<int>(inliers.from.size());
    if (inliers.from.empty()) { return {proposal}; }
    proposal.scale = std::hypot(estimate.at<double>(0, 0), estimate.at<double>(1, 0));
    const double used = model == AlignModel::similarity ? proposal.scale : 1;
    proposal.transform = fit(inliers, used, a.side_px);
    return {proposal};
}

}  // namespace patchead::inline alignment_detail
