#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "motions.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Drawn parts, photographed in known positions.

namespace patchead {

/// Blurred noise of mean 0 and deviation 1.
inline cv::Mat grain(int side_px, double sigma_px, std::uint64_t seed) {
    Random random("grain", seed);
    cv::Mat values(side_px, side_px, CV_32F);
    for (auto& value : cv::Mat_<float>(values)) { value = static_cast<float>(random.normal()); }
    cv::GaussianBlur(values, values, {}, sigma_px);
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(values, mean, deviation);
    return (values - mean) / deviation[0];
}

/// A part on a plain ground, at twice the working size, so that a photograph of it in any position
/// is made by averaging and no position is sharper than another.
inline cv::Mat on_ground(const cv::Mat& mask, double ground, const cv::Mat& surface) {
    cv::Mat drawn(mask.size(), CV_32F, cv::Scalar(ground));
    surface.copyTo(drawn, mask);
    return drawn;
}

// Drawings are made once for all tests of a program, and only read.

/// A hexagon with a lug and two holes; its surface is rough.
inline cv::Mat draw_nut() {
    static cv::Mat drawn;
    if (!drawn.empty()) { return drawn; }
    cv::Mat mask = cv::Mat::zeros(2 * kSide, 2 * kSide, CV_8UC1);
    std::vector<cv::Point> corners;
    for (int k = 0; k < 6; ++k) {
        const double angle = k * std::numbers::pi / 3;
        corners.emplace_back(cvRound(448 + 240 * std::cos(angle)),
                             cvRound(448 + 240 * std::sin(angle)));
    }
    cv::fillConvexPoly(mask, corners, 255);
    cv::rectangle(mask, {600, 400}, {780, 496}, 255, cv::FILLED);
    cv::circle(mask, {448, 448}, 100, 0, cv::FILLED);
    cv::circle(mask, {330, 330}, 30, 0, cv::FILLED);
    drawn = on_ground(mask, 200, grain(2 * kSide, 3, 1) * 25 + 90);
    return drawn;
}

/// A head, a neck, a thread and a tip; its surface is nearly smooth.
inline cv::Mat draw_screw() {
    static cv::Mat drawn;
    if (!drawn.empty()) { return drawn; }
    cv::Mat mask = cv::Mat::zeros(2 * kSide, 2 * kSide, CV_8UC1);
    const std::vector<cv::Point> head{{180, 360}, {250, 420}, {250, 476}, {180, 536}};
    const std::vector<cv::Point> tip{{640, 420}, {720, 448}, {640, 476}};
    cv::rectangle(mask, {250, 420}, {640, 476}, 255, cv::FILLED);
    cv::fillConvexPoly(mask, head, 255);
    cv::fillConvexPoly(mask, tip, 255);
    for (int x = 400; x < 640; x += 36) { cv::line(mask, {x, 405}, {x + 24, 491}, 255, 8); }
    drawn = on_ground(mask, 195, grain(2 * kSide, 4, 2) * 4 + 100);
    cv::circle(drawn, {215, 470}, 8, cv::Scalar(60), cv::FILLED);
    return drawn;
}

/// Nothing but a rough surface, larger than the image so that it can be moved.
inline cv::Mat draw_texture(std::uint64_t seed) {
    static std::map<std::uint64_t, cv::Mat> drawn;
    auto& texture = drawn[seed];
    if (texture.empty()) { texture = grain(2 * kSide, 5, seed) * 30 + 128; }
    return texture;
}

/// `gray`, values 0 .. 255, as an image with new sensor noise.
inline Image expose(const cv::Mat& gray, double noise, std::uint64_t seed) {
    Random random("sensor", seed);
    Image image{gray.rows, gray.cols, {}};
    for (const float value : cv::Mat_<float>(gray)) {
        const auto byte = cv::saturate_cast<std::uint8_t>(value + noise * random.normal());
        image.rgb.insert(image.rgb.end(), 3, byte);
    }
    return image;
}

/// `drawn` in the position `pose`, at the size of the drawing.
inline cv::Mat posed(const cv::Mat& drawn, const Pose& pose) {
    const auto m = motion(pose).m;
    const double side = 2 * kSide;
    // Pixel p of the drawing is the point (p + 0.5) / side.
    const cv::Matx23d in_px(m[0], m[1], m[2] * side + 0.5 * (m[0] + m[1] - 1), m[3], m[4],
                            m[5] * side + 0.5 * (m[3] + m[4] - 1));
    cv::Mat moved;
    cv::warpAffine(drawn, moved, in_px, drawn.size(), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    return moved;
}

/// A drawing at the working size.
inline Image photograph(const cv::Mat& drawn, std::uint64_t seed) {
    cv::Mat small;
    cv::resize(drawn, small, {kSide, kSide}, 0, 0, cv::INTER_AREA);
    return expose(small, 3, seed);
}

inline Image photograph(const cv::Mat& drawn, const Pose& pose, std::uint64_t seed) {
    return photograph(posed(drawn, pose), seed);
}

/// The same of a part darker than level 150, whose soft shadow falls to the lower right however it
/// lies.
inline Image photograph_with_shadow(const cv::Mat& drawn, const Pose& pose, std::uint64_t seed) {
    const cv::Mat moved = posed(drawn, pose);
    cv::Mat part;
    cv::Mat(moved < 150).convertTo(part, CV_32F, 1 / 255.0);
    cv::morphologyEx(part, part, cv::MORPH_CLOSE, cv::Mat::ones(5, 5, CV_8U));  // Bright grains.
    cv::Mat shadow;
    const cv::Matx23d fall(1, 0, 22, 0, 1, 28);
    cv::warpAffine(part, shadow, fall, part.size());
    cv::GaussianBlur(shadow, shadow, {}, 20);
    cv::Mat scene = moved.mul(1 - 0.45 * shadow);
    moved.copyTo(scene, part > 0.5);
    return photograph(scene, seed);
}

inline Image plain(int level) {
    return expose(cv::Mat(kSide, kSide, CV_32F, cv::Scalar(level)), 0, 0);
}

}  // namespace patchead
