#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "demo/geometry.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief From a scene to a photograph of it, and to the mask of what a defect changed.

namespace patchead::demo {

/// What the light meets at one point.
struct Surface {
    Colour albedo;
    Vec slope;         ///< Height per length, along x and y of the scene.
    double gloss = 0;  ///< Strength of the highlight.
    double light = 1;  ///< Share of the lamp that gets here; the rest is shadow.
};

/// `a` where `share_of_b` is 0, `b` where it is 1.
[[nodiscard]] Surface blend(const Surface& a, const Surface& b, double share_of_b);

/// What stands before the camera. The image shows x and y from -1 to 1, y downwards.
class Scene {
  public:
    virtual ~Scene() = default;
    [[nodiscard]] virtual Surface at(Vec place) const = 0;
};

/// Names the random numbers of one image: all of them are functions of it.
struct Draw {
    std::string image;  ///< "category/split/defect/number".
    std::uint64_t seed = 0;

    [[nodiscard]] Random random(std::string_view what) const {
        return {"demo-data/" + image + "/" + std::string(what), seed};
    }
};

/// What the sensor gets, before noise and rounding: 0 .. 255 in display values.
/// Shape: `values[side_px, side_px, 3]`.
struct Exposure {
    int side_px = 0;
    std::vector<float> values;
};

/// A lamp at the upper left and a little vignette. The lamp varies a little with `draw`.
[[nodiscard]] Exposure expose(const Scene& scene, int side_px, const Draw& draw);

/// The exposure as bytes, with sensor noise that is a function of `draw`.
[[nodiscard]] Image photograph(const Exposure& exposure, const Draw& draw);

/// The pixels that differ visibly: by at least 6 of 255 levels in a channel. Gaps of a few pixels
/// are closed, as a person who draws masks would do.
[[nodiscard]] Mask visible_difference(const Exposure& a, const Exposure& b);

}  // namespace patchead::demo
