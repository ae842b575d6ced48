#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "patchead/core/random.hpp"

/// \file
/// \brief Points, colours, noise and shapes from which the synthetic data set is drawn.
///
/// Only additions, products, divisions and square roots: they give the same bits on every machine,
/// what sines and powers of different libraries do not.

namespace patchead::demo {

struct Vec {
    double x = 0, y = 0;
};
inline Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y}; }
inline Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y}; }
inline Vec operator*(double s, Vec a) { return {s * a.x, s * a.y}; }
inline double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y; }
inline double length(Vec a) { return std::sqrt(dot(a, a)); }
inline Vec unit(Vec a) { return (1 / std::max(length(a), 1e-12)) * a; }
inline Vec left_of(Vec a) { return {-a.y, a.x}; }

/// Linear light, 0 to 1 in each channel.
struct Colour {
    double r = 0, g = 0, b = 0;
};
inline Colour operator+(Colour a, Colour b) { return {a.r + b.r, a.g + b.g, a.b + b.b}; }
inline Colour operator*(double s, Colour a) { return {s * a.r, s * a.g, s * a.b}; }
inline Colour operator*(Colour a, Colour b) { return {a.r * b.r, a.g * b.g, a.b * b.b}; }

/// The largest whole number that is not above `x`. (std::floor is a library call on plain x86-64.)
inline int whole(double x) {
    const int towards_zero = static_cast<int>(x);
    return towards_zero - (x < towards_zero ? 1 : 0);
}

template <class T>
T mix(const T& a, const T& b, double share_of_b) {
    return (1 - share_of_b) * a + share_of_b * b;
}

/// 0 below `from`, 1 above `to`, smooth between. `from` may be the larger one: then it falls.
inline double smooth_step(double from, double to, double x) {
    const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

/// Smooth noise in [0, 1] with features of size 1; a function of place and seed.
[[nodiscard]] double noise(Vec at, std::uint64_t seed);
/// Noise of four octaves: features of size 1, 1/2, 1/4 and 1/8.
[[nodiscard]] double rough_noise(Vec at, std::uint64_t seed);
/// A number in [0, 1) for each whole number.
[[nodiscard]] double noise_of(int index, std::uint64_t seed);

// Signed distances to shapes: negative inside. Source: the usual closed forms (I. Quilez, "2D
// distance functions").
[[nodiscard]] double distance_to_segment(Vec at, Vec from, Vec to);
/// To a box around the origin with half size `half` and corners rounded by `radius`.
[[nodiscard]] double distance_to_box(Vec at, Vec half, double radius);
/// Union of two distances with a fillet of size `fillet` where they meet.
[[nodiscard]] double smooth_union(double a, double b, double fillet);

/// A place and a direction that are drawn at random.
[[nodiscard]] Vec random_direction(Random& random);

/// A thin curve: a scratch, a crack, a fibre.
class Curve {
  public:
    /// From `from` to `to`, wandering to the side by up to `wander` about `swings` times.
    Curve(Vec from, Vec to, double wander, int swings, Random& random);

    /// Distance to the curve, and which side is nearest: the unit vector away from it.
    struct Nearest {
        double distance;
        Vec away;
    };
    [[nodiscard]] Nearest nearest(Vec at) const;

  private:
    std::vector<Vec> points_;
    Vec centre_;
    double reach_ = 0;  ///< No point is further from the centre.
};

/// An irregular spot: a stain, a bite, a hole.
struct Blot {
    Vec centre;
    double radius;
    std::uint64_t seed;

    /// Signed distance to the ragged outline.
    [[nodiscard]] double distance(Vec at) const;
};

}  // namespace patchead::demo
