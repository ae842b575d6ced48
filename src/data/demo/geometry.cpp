#include "demo/geometry.hpp"

namespace patchead::demo {
namespace {

/// A number in [0, 1) for each point of the lattice: the finaliser of SplitMix64.
double lattice(int x, int y, std::uint64_t seed) {
    auto z = seed + static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15 +
             static_cast<std::uint64_t>(y) * 0xD1B54A32D192ED03;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

}  // namespace

double noise(Vec at, std::uint64_t seed) {
    const int x = whole(at.x);
    const int y = whole(at.y);
    const double u = smooth_step(0, 1, at.x - x);
    const double v = smooth_step(0, 1, at.y - y);
    return mix(mix(lattice(x, y, seed), lattice(x + 1, y, seed), u),
               mix(lattice(x, y + 1, seed), lattice(x + 1, y + 1, seed), u), v);
}

double rough_noise(Vec at, std::uint64_t seed) {
    double sum = 0;
    double share = 8.0 / 15;
    for (std::uint64_t octave = 0; octave < 4; ++octave) {
        sum += share * noise(at, seed + octave);
        share /= 2;
        at = 2 * at;
    }
    return sum;
}

double noise_of(int index, std::uint64_t seed) { return lattice(index, 0, seed); }

double distance_to_segment(Vec at, Vec from, Vec to) {
    const auto along = to - from;
    const double share = std::clamp(dot(at - from, along) / dot(along, along), 0.0, 1.0);
    return length(at - from - share * along);
}

double distance_to_box(Vec at, Vec half, double radius) {
    const Vec beyond{std::abs(at.x) - half.x + radius, std::abs(at.y) - half.y + radius};
    const Vec outside{std::max(beyond.x, 0.0), std::max(beyond.y, 0.0)};
    return length(outside) + std::min(std::max(beyond.x, beyond.y), 0.0) - radius;
}

double smooth_union(double a, double b, double fillet) {
    const double overlap = std::max(fillet - std::abs(a - b), 0.0) / fillet;
    return std::min(a, b) - overlap * overlap * fillet / 4;
}

Vec random_direction(Random& random) {
    for (;;) {
        const Vec at{random.uniform(-1, 1), random.uniform(-1, 1)};
        const double r = length(at);
        if (r > 0.1 && r <= 1) { return unit(at); }
    }
}

/// A uniform quadratic B-spline: no corners, whatever its control points are.
Curve::Curve(Vec from, Vec to, double wander, int swings, Random& random)
    : centre_(0.5 * (from + to)) {
    constexpr int links = 6;  // straight pieces per span
    const auto side = left_of(unit(to - from));
    const int spans = 2 * swings;
    std::vector<Vec> control;
    for (int i = 0; i < spans + 2; ++i) {
        const double share = (i - 0.5) / spans;
        control.push_back(mix(from, to, share) + random.uniform(-wander, wander) * side);
    }
    for (int i = 0; i <= spans * links; ++i) {
        const int span = std::min(i / links, spans - 1);
        const double u = static_cast<double>(i) / links - span;
        const auto* p = control.data() + span;
        points_.push_back((0.5 * (1 - u) * (1 - u)) * p[0] + (0.5 + u * (1 - u)) * p[1] +
                          (0.5 * u * u) * p[2]);
        reach_ = std::max(reach_, length(points_.back() - centre_));
    }
}

Curve::Nearest Curve::nearest(Vec at) const {
    const auto offset = at - centre_;
    // Far away, all that counts is that it is far.
    if (length(offset) > reach_ + 0.1) { return {length(offset) - reach_, unit(offset)}; }
    Nearest best{1e9, {}};
    for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
        const double distance = distance_to_segment(at, points_[i], points_[i + 1]);
        if (distance >= best.distance) { continue; }
        const auto side = left_of(unit(points_[i + 1] - points_[i]));
        best = {distance, dot(at - points_[i], side) < 0 ? -1 * side : side};
    }
    return best;
}

double Blot::distance(Vec at) const {
    const double smooth = length(at - centre) - radius;
    if (smooth > radius) { return smooth / 2; }
    return smooth + 0.9 * radius * (rough_noise((1.6 / radius) * at, seed) - 0.5);
}

}  // namespace patchead::demo
