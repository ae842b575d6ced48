#include "refine.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "frame.hpp"
#include "judge.hpp"

namespace patchead::inline alignment_detail {
namespace {

constexpr double kFirstDegrees = 2;
constexpr double kFirstShift = 1.0 / 56;  ///< In sides.
constexpr int kHalvings = 5;

/// A small motion in the frame of the target, after what is there already.
struct Step {
    double radians;
    Point shift;
};

Transform then(const Transform& first, const Step& step) {
    const auto pivot = moved(first, {0.5, 0.5});
    const auto b = turn(step.radians, 1, pivot, pivot + step.shift).m;
    const auto& a = first.m;
    return {{b[0] * a[0] + b[1] * a[3], b[0] * a[1] + b[1] * a[4], b[0] * a[2] + b[1] * a[5] + b[2],
             b[3] * a[0] + b[4] * a[3], b[3] * a[1] + b[4] * a[4],
             b[3] * a[2] + b[4] * a[5] + b[5]}};
}

/// The place reached so far.
struct Peak {
    Transform transform;
    double height;
};

/// Takes every step that leads upwards; whether there was one.
bool climb(const SmallCopy& source, const SmallCopy& target, double turn_by, double shift_by,
           Peak& peak) {
    const std::array<Step, 6> steps{{{turn_by, {}},
                                     {-turn_by, {}},
                                     {0, {shift_by, 0}},
                                     {0, {-shift_by, 0}},
                                     {0, {0, shift_by}},
                                     {0, {0, -shift_by}}}};
    bool rises = false;
    for (const auto& step : steps) {
        const auto next = then(peak.transform, step);
        const double height = agreement(source, target, next);
        if (height <= peak.height) { continue; }
        peak = {next, height};
        rises = true;
    }
    return rises;
}

}  // namespace

Transform refine(const SmallCopy& source, const SmallCopy& target, const Transform& transform) {
    Peak peak{transform, agreement(source, target, transform)};
    double turn_by = kFirstDegrees * std::numbers::pi / 180;
    double shift_by = kFirstShift;
    for (int halving = 0; halving <= kHalvings; ++halving, turn_by /= 2, shift_by /= 2) {
        while (climb(source, target, turn_by, shift_by, peak)) {}
    }
    return peak.transform;
}

}  // namespace patchead::inline alignment_detail
