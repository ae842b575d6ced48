#include <array>
#include <optional>

#include "demo/category.hpp"
#include "demo/object.hpp"

namespace patchead::demo {
namespace {

struct Hole {
    Vec centre;
    double radius;
};
constexpr std::array kHoles{Hole{{-0.40, -0.22}, 0.135}, Hole{{0.54, 0.25}, 0.05},
                            Hole{{0.54, -0.03}, 0.05}, Hole{{-0.50, 0.27}, 0.05}};
constexpr Vec kSlot[2] = {{0.12, 0.11}, {0.34, 0.11}};
constexpr double kSlotRadius = 0.055;
constexpr Vec kPocket{-0.20, 0.18};
constexpr Vec kPocketHalf{0.17, 0.10};

double pocket(Vec at) { return distance_to_box(at - kPocket, kPocketHalf, 0.05); }

class Bracket final : public ObjectScene {
  public:
    explicit Bracket(const Draw& draw) : ObjectScene(draw), grain_(draw.random("metal").bits()) {}

    void scratch(Random& random) {
        const auto lines = 1 + random.below(2);
        const auto direction = random_direction(random);
        auto from = point_inside(random, 0.06);
        for (std::uint64_t i = 0; i < lines; ++i) {
            const auto to = from + random.uniform(0.3, 0.6) * direction;
            scratches_.emplace_back(from, to, 0.025, 1, random);
            from = from + random.uniform(0.03, 0.05) * left_of(direction);
        }
    }
    void dent(Random& random) {
        dent_ = Hole{point_inside(random, 0.08), random.uniform(0.06, 0.09)};
    }
    void rust(Random& random) {
        rust_ = Blot{point_inside(random, 0.05), random.uniform(0.10, 0.17), random.bits()};
    }
    void broken_edge(Random& random) {
        // Walks from the middle of the plate to its edge and takes a bite out of it.
        Vec at{0.42, 0.10};
        const auto direction = random_direction(random);
        while (plate(at) < 0) { at = at + 0.01 * direction; }
        bite_ = Blot{at, random.uniform(0.10, 0.15), random.bits()};
    }
    static constexpr auto kFlaws = std::to_array<Flaw<Bracket>>({
        {"broken_edge", &Bracket::broken_edge},
        {"dent", &Bracket::dent},
        {"rust", &Bracket::rust},
        {"scratch", &Bracket::scratch},
    });

  private:
    static double plate(Vec at) {
        const double bar = distance_to_box(at - Vec{0.03, 0.11}, {0.65, 0.27}, 0.09);
        const double ear = length(at - kHoles[0].centre) - 0.27;
        return smooth_union(bar, ear, 0.16);
    }

    [[nodiscard]] double outline(Vec at) const override {
        double distance = plate(at);
        for (const auto& hole : kHoles) {
            distance = std::max(distance, hole.radius - length(at - hole.centre));
        }
        distance = std::max(distance, kSlotRadius - distance_to_segment(at, kSlot[0], kSlot[1]));
        if (bite_) { distance = std::max(distance, -bite_->distance(at)); }
        return distance;
    }

    [[nodiscard]] Surface surface(Vec at, double depth) const override {
        // Brushed along x: long streaks that tilt the surface a little to the side.
        const double streak = noise({5 * at.x, 130 * at.y}, grain_) - 0.5;
        const double wide = noise({1.5 * at.x, 24 * at.y}, grain_ + 1) - 0.5;
        const double tone = 1 + 0.22 * streak + 0.10 * wide;
        Surface metal{tone * Colour{0.43, 0.44, 0.46}, {0, 0.16 * streak + 0.05 * wide}, 0.35, 1};
        bevel(at, depth, metal);
        mill(at, metal);
        if (dent_) { press(at, metal); }
        if (rust_) { corrode(at, metal); }
        for (const auto& line : scratches_) { cut(line, at, metal); }
        return metal;
    }

    void bevel(Vec at, double depth, Surface& metal) const {
        constexpr double width = 0.028;
        if (depth >= width) { return; }
        metal.slope = metal.slope - 0.9 * smooth_step(width, width / 2, depth) * outward(at);
        metal.albedo = 1.15 * metal.albedo;
        if (bite_ && bite_->distance(at) < width) {
            const double rough = noise(60 * at, bite_->seed + 5);
            metal.albedo = (0.35 + 0.7 * rough) * metal.albedo;
        }
    }

    /// The pocket: a lower floor, walls that face inwards, and their shadow.
    static void mill(Vec at, Surface& metal) {
        const double distance = pocket(at);
        constexpr double wall = 0.016;
        if (distance > wall) { return; }
        if (distance < -wall) {
            metal.albedo = 0.72 * metal.albedo;
            metal.slope = 0.5 * metal.slope;
            metal.light = 0.80 + 0.2 * smooth_step(-wall, -3 * wall, distance);
            return;
        }
        constexpr double step = 0.002;
        const Vec up = unit({pocket(at + Vec{step, 0}) - pocket(at - Vec{step, 0}),
                             pocket(at + Vec{0, step}) - pocket(at - Vec{0, step})});
        metal.slope = metal.slope + 1.1 * up;
        metal.albedo = 0.85 * metal.albedo;
    }

    /// A round hollow with a raised rim.
    void press(Vec at, Surface& metal) const {
        const auto offset = at - dent_->centre;
        const double r = length(offset) / dent_->radius;
        if (r >= 1.3) { return; }
        const double inside = 1.6 * r * smooth_step(1.05, 0.75, r);
        const double rim = 0.7 * smooth_step(0.9, 1.05, r) * smooth_step(1.3, 1.1, r);
        metal.slope = metal.slope + (inside - rim) * unit(offset);
        metal.albedo = (1 - 0.25 * smooth_step(1.0, 0.3, r)) * metal.albedo;
    }

    void corrode(Vec at, Surface& metal) const {
        const double cover = smooth_step(0.015, -0.03, rust_->distance(at));
        const double mottle = rough_noise(22 * at, rust_->seed + 7);
        const Colour brown = mix(Colour{0.10, 0.035, 0.012}, Colour{0.34, 0.13, 0.035}, mottle);
        const double share = cover * (0.70 + 0.30 * mottle);
        metal.albedo = mix(metal.albedo, brown, share);
        metal.gloss *= 1 - share;
        metal.slope = metal.slope + (share * 0.8 * (mottle - 0.5)) * Vec{1, 1};
    }

    /// A groove: dark in its depth, bright on the burr that faces the lamp.
    static void cut(const Curve& line, Vec at, Surface& metal) {
        constexpr double width = 0.011;
        const auto [distance, away] = line.nearest(at);
        if (distance >= 2 * width) { return; }
        const double core = smooth_step(width, 0.3 * width, distance);
        const double burr = smooth_step(2 * width, width, distance) * (1 - core);
        metal.albedo = mix(metal.albedo, Colour{0.05, 0.05, 0.055}, 0.75 * core);
        metal.albedo = mix(metal.albedo, Colour{0.85, 0.86, 0.88}, 0.6 * burr);
        metal.slope = metal.slope - (0.7 * burr) * away;
    }

    std::uint64_t grain_;
    std::vector<Curve> scratches_;
    std::optional<Hole> dent_;
    std::optional<Blot> rust_, bite_;
};

}  // namespace

DemoCategory bracket() { return make_category<Bracket>("bracket"); }

}  // namespace patchead::demo
