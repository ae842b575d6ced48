#include "refine.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "frame.hpp"
#include "judge.hpp"

namespace patchead {
namespace {

constexpr double kFirstDegrees = 2;
constexpr double kFirstPx = 2;
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

}  // namespace

Transform refine(const SmallCopy& source, const SmallCopy& target, const Transform& transform) {
    auto best = transform;
    double highest = object_correlation(source, target, best);
    double turn_by = kFirstDegrees * std::numbers::pi / 180;
    double shift_by = kFirstPx / target.side_px;
    for (int halving = 0; halving <= kHalvings; ++halving, turn_by /= 2, shift_by /= 2) {
        const std::array<Step, 6> steps{{{turn_by, {}},
                                         {-turn_by, {}},
                                         {0, {shift_by, 0}},
                                         {0, {-shift_by, 0}},
                                         {0, {0, shift_by}},
                                         {0, {0, -shift_by}}}};
        for (bool rises = true; rises;) {
            rises = false;
            for (const auto& step : steps) {
                const auto next = then(best, step);
                const double now = object_correlation(source, target, next);
                if (now > highest) {
                    highest = now;
                    best = next;
                    rises = true;
                }
            }
        }
    }
    return best;
}

}  // namespace patchead
