#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "estimator.hpp"
#include "frame.hpp"
#include "pixels.hpp"

/// \file
/// \brief Phase correlation: of spectra over angle and log radius, then of the images.
///
/// Source: Reddy and Chatterji, "An FFT-based technique for translation, rotation, and
/// scale-invariant image registration", 1996.

namespace patchead::inline alignment_detail {
namespace {

constexpr int kMostSide = 240;  ///< Phase correlation finds parts of a pixel, so half size will do.
constexpr int kAngles = 360;    ///< Over half a turn: a spectrum is the same upside down.
constexpr int kRadii = 240;
/// Radii of the spectrum, in cycles per side: below are shading and background, above is noise.
constexpr double kLeastRadius = 3;
constexpr double kMostRadius = 0.45;  ///< In cycles per pixel.
constexpr double kFlatDeviation = 1;  ///< Standard deviation in gray levels.

struct Spectrum {
    cv::Mat gray;   ///< Shape: `[side, side]`, CV_32FC1, mean 0; empty if the image is blank.
    cv::Mat polar;  ///< Shape: `[angle, log radius]`, CV_32FC1: log of the magnitude.
};

double log_step(int side_px) { return std::log(kMostRadius * side_px / kLeastRadius) / kRadii; }

/// log(1 + magnitude) of the spectrum, with frequency 0 in the middle.
cv::Mat log_magnitude(const cv::Mat& gray) {
    cv::Mat window;
    cv::createHanningWindow(window, gray.size(), CV_32F);
    cv::Mat complex;
    cv::dft(gray.mul(window), complex, cv::DFT_COMPLEX_OUTPUT);
    cv::Mat parts[2];
    cv::split(complex, parts);
    cv::Mat magnitude;
    cv::magnitude(parts[0], parts[1], magnitude);
    cv::log(magnitude + 1, magnitude);
    cv::Mat centred(magnitude.size(), CV_32F);
    const int n = gray.rows;
    for (int row = 0; row < n; ++row) {
        for (int col = 0; col < n; ++col) {
            centred.at<float>((row + n / 2) % n, (col + n / 2) % n) = magnitude.at<float>(row, col);
        }
    }
    return centred;
}

/// `spectrum` over angle and log radius, without the mean over angles of each radius, which says
/// nothing of the angle and would outweigh all else; faded out at the ends of the radii.
cv::Mat to_polar(const cv::Mat& spectrum) {
    cv::Mat x(kAngles, kRadii, CV_32F);
    cv::Mat y(kAngles, kRadii, CV_32F);
    const double step = log_step(spectrum.rows);
    const int middle = spectrum.rows / 2;
    for (int row = 0; row < kAngles; ++row) {
        const double angle = std::numbers::pi * row / kAngles;
        for (int col = 0; col < kRadii; ++col) {
            const double radius = kLeastRadius * std::exp(step * col);
            x.at<float>(row, col) = static_cast<float>(middle + radius * std::cos(angle));
            y.at<float>(row, col) = static_cast<float>(middle + radius * std::sin(angle));
        }
    }
    cv::Mat polar;
    cv::remap(spectrum, polar, x, y, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    for (int col = 0; col < kRadii; ++col) {
        const double fade = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * (col + 0.5) / kRadii);
        cv::Mat at_radius = polar.col(col);
        at_radius = (at_radius - cv::mean(at_radius)) * fade;
    }
    return polar;
}

/// `turned` is the source after its turn about the centre: what is left is a shift.
Transform then_shifted(const Transform& turned, const cv::Mat& source, const cv::Mat& target) {
    cv::Mat moved_source;
    cv::warpAffine(source, moved_source, in_pixels(turned, source.size()), source.size());
    const auto shift = cv::phaseCorrelate(moved_source, target);
    auto transform = turned;
    transform.m[2] += shift.x / source.cols;
    transform.m[5] += shift.y / source.rows;
    return transform;
}

}  // namespace

std::any look_at_spectrum(const View& view) {
    const int side = std::min(view.gray.cols, kMostSide);
    Spectrum spectrum;
    cv::Mat gray;
    view.gray.convertTo(gray, CV_32F);
    cv::resize(gray, gray, {side, side}, 0, 0, cv::INTER_AREA);
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(gray, mean, deviation);
    if (deviation[0] < kFlatDeviation) { return spectrum; }
    spectrum.gray = gray - mean;
    spectrum.polar = to_polar(log_magnitude(spectrum.gray));
    return spectrum;
}

std::vector<Proposal> propose_from_spectra(const std::any& source, const std::any& target,
                                           AlignModel model) {
    const auto& a = std::any_cast<const Spectrum&>(source);
    const auto& b = std::any_cast<const Spectrum&>(target);
    if (a.gray.empty() || b.gray.empty()) { return {}; }
    const auto shift = cv::phaseCorrelate(a.polar, b.polar);
    const double scale = std::exp(-shift.x * log_step(a.gray.cols));
    const double used = model == AlignModel::similarity ? scale : 1;
    std::vector<Proposal> proposals;
    for (const double half_turn : {0.0, std::numbers::pi}) {
        const double angle = shift.y * std::numbers::pi / kAngles + half_turn;
        const auto turned = turn(angle, used, {0.5, 0.5}, {0.5, 0.5});
        proposals.push_back({then_shifted(turned, a.gray, b.gray), scale, std::nullopt});
    }
    return proposals;
}

}  // namespace patchead::inline alignment_detail
