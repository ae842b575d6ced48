#include "demo/object.hpp"

namespace patchead::demo {
namespace {

Pose random_pose(Random random) {
    const auto direction = random_direction(random);
    return {direction, {random.uniform(-0.08, 0.08), random.uniform(-0.08, 0.08)}};
}

}  // namespace

ObjectScene::ObjectScene(const Draw& draw)
    : pose_(random_pose(draw.random("pose"))), ground_seed_(draw.random("ground").bits()) {}

/// Share of the lamp that the object keeps from the ground. The shadow falls to the lower right and
/// is darkest where they touch.
double ObjectScene::shadow(Vec place, double distance) const {
    constexpr Vec fall{0.045, 0.055};
    constexpr double blur = 0.07;
    if (distance > blur + length(fall)) { return 0; }
    const double beyond = outline(pose_.to_object(place - fall));
    return 0.75 * smooth_step(blur, -0.05, beyond) + 0.25 * smooth_step(0.05, 0.0, distance);
}

Surface ObjectScene::ground(Vec place, double distance) const {
    const double grain = noise(70 * place, ground_seed_) - 0.5;
    const double cloud = noise(2 * place, ground_seed_ + 9) - 0.5;
    const double tone = 1 + 0.10 * grain + 0.10 * cloud;
    return {tone * Colour{0.105, 0.115, 0.125},
            {0.15 * grain, 0},
            0,
            1 - 0.9 * shadow(place, distance)};
}

Surface ObjectScene::at(Vec place) const {
    constexpr double edge = 0.004;  // half a pixel at 256
    const auto own = pose_.to_object(place);
    const double distance = outline(own);
    if (distance >= edge) { return ground(place, distance); }
    auto result = surface(own, -distance);
    result.slope = pose_.turn_to_scene(result.slope);
    if (distance <= -edge) { return result; }
    return blend(ground(place, distance), result, smooth_step(edge, -edge, distance));
}

Vec ObjectScene::outward(Vec at) const {
    constexpr double step = 0.002;
    return unit({outline(at + Vec{step, 0}) - outline(at - Vec{step, 0}),
                 outline(at + Vec{0, step}) - outline(at - Vec{0, step})});
}

Vec ObjectScene::point_inside(Random& random, double margin) const {
    for (;;) {
        const Vec at{random.uniform(-0.8, 0.8), random.uniform(-0.8, 0.8)};
        if (outline(at) < -margin) { return at; }
    }
}

}  // namespace patchead::demo
