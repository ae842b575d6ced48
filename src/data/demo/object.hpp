#pragma once

#include "demo/render.hpp"

/// \file
/// \brief One object at a random place and angle on a plain ground.

namespace patchead::demo {

/// Where the object lies: its own coordinates turned by an angle and moved.
struct Pose {
    static constexpr double kScale = 1.12;  ///< Scene units per unit of the object.

    Vec direction;  ///< Of the object's x axis.
    Vec place;

    [[nodiscard]] Vec to_object(Vec at) const {
        const auto offset = at - place;
        return (1 / kScale) * Vec{dot(offset, direction), dot(offset, left_of(direction))};
    }
    [[nodiscard]] Vec turn_to_scene(Vec v) const {
        return v.x * direction + v.y * left_of(direction);
    }
};

/// Subclasses say what the object is, in its own coordinates.
class ObjectScene : public Scene {
  public:
    explicit ObjectScene(const Draw& draw);
    [[nodiscard]] Surface at(Vec place) const final;

  protected:
    /// Signed distance to the outline seen from above: negative on the object.
    [[nodiscard]] virtual double outline(Vec at) const = 0;
    /// The object's surface; `depth` is how far inside of the outline the point is.
    [[nodiscard]] virtual Surface surface(Vec at, double depth) const = 0;

    /// Direction in which the outline's distance grows fastest.
    [[nodiscard]] Vec outward(Vec at) const;
    /// A random point at least `margin` inside of the outline.
    [[nodiscard]] Vec point_inside(Random& random, double margin) const;

  private:
    [[nodiscard]] double shadow(Vec place, double distance) const;
    [[nodiscard]] Surface ground(Vec place, double distance) const;

    Pose pose_;
    std::uint64_t ground_seed_;
};

}  // namespace patchead::demo
