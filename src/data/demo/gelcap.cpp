#include <array>
#include <optional>

#include "demo/category.hpp"
#include "demo/object.hpp"

namespace patchead::demo {
namespace {

constexpr Vec kAxis[2] = {{-0.40, 0}, {0.40, 0}};
constexpr double kCapRadius = 0.30;
constexpr double kBodyRadius = 0.285;
constexpr double kSeam = 0.03;

struct Stroke {
    Vec from, to;
};
/// "P4" on the body and "25" on the cap.
constexpr auto kBodyPrint = std::to_array<Stroke>({
    {{-0.37, 0.08}, {-0.37, -0.08}},
    {{-0.37, -0.08}, {-0.29, -0.07}},
    {{-0.29, -0.07}, {-0.28, -0.02}},
    {{-0.28, -0.02}, {-0.37, 0.01}},
    {{-0.17, -0.08}, {-0.24, 0.03}},
    {{-0.24, 0.03}, {-0.13, 0.03}},
    {{-0.16, -0.02}, {-0.16, 0.08}},
});
constexpr auto kCapPrint = std::to_array<Stroke>({
    {{0.16, -0.06}, {0.20, -0.08}},
    {{0.20, -0.08}, {0.24, -0.05}},
    {{0.24, -0.05}, {0.16, 0.08}},
    {{0.16, 0.08}, {0.25, 0.08}},
    {{0.38, -0.08}, {0.30, -0.08}},
    {{0.30, -0.08}, {0.30, -0.01}},
    {{0.30, -0.01}, {0.37, 0.00}},
    {{0.37, 0.00}, {0.38, 0.05}},
    {{0.38, 0.05}, {0.30, 0.08}},
});

/// Share of ink at `at`.
double ink(std::span<const Stroke> strokes, Vec at) {
    double nearest = 1;
    for (const auto& stroke : strokes) {
        nearest = std::min(nearest, distance_to_segment(at, stroke.from, stroke.to));
    }
    return smooth_step(0.016, 0.009, nearest);
}

class Gelcap final : public ObjectScene {
  public:
    explicit Gelcap(const Draw& draw) : ObjectScene(draw), shell_(draw.random("shell").bits()) {}

    void crack(Random& random) {
        const auto from = point_inside(random, 0.10);
        const auto direction = random_direction(random);
        const auto to = from + random.uniform(0.25, 0.42) * direction;
        cracks_.emplace_back(from, to, 0.05, 5, random);
        const auto branch = mix(from, to, random.uniform(0.4, 0.6));
        const auto side = unit(direction + random.uniform(-0.9, 0.9) * left_of(direction));
        cracks_.emplace_back(branch, branch + random.uniform(0.08, 0.16) * side, 0.02, 2, random);
    }
    void dirt(Random& random) {
        const auto centre = point_inside(random, 0.10);
        const auto specks = 2 + random.below(4);
        for (std::uint64_t i = 0; i < specks; ++i) {
            const Vec offset{random.uniform(-0.12, 0.12), random.uniform(-0.12, 0.12)};
            dirt_.push_back({centre + offset, random.uniform(0.025, 0.06), random.bits()});
        }
    }
    void faulty_imprint(Random& random) {
        const auto& strokes = random.below(2) == 0 ? kBodyPrint[3] : kCapPrint[4];
        erased_ = Blot{strokes.from, random.uniform(0.07, 0.11), random.bits()};
        smear_ = random.uniform(0.025, 0.045) * random_direction(random);
    }
    void poke(Random& random) {
        poke_centre_ = point_inside(random, 0.12);
        poke_radius_ = random.uniform(0.05, 0.085);
    }
    static constexpr auto kFlaws = std::to_array<Flaw<Gelcap>>({
        {"crack", &Gelcap::crack},
        {"dirt", &Gelcap::dirt},
        {"faulty_imprint", &Gelcap::faulty_imprint},
        {"poke", &Gelcap::poke},
    });

  private:
    [[nodiscard]] double outline(Vec at) const override {
        const double radius =
            mix(kBodyRadius, kCapRadius, smooth_step(-0.004, 0.004, at.x - kSeam));
        return distance_to_segment(at, kAxis[0], kAxis[1]) - radius;
    }

    [[nodiscard]] Surface surface(Vec at, double) const override {
        auto shell = bare_shell(at);
        print(at, shell);
        for (const auto& crack : cracks_) { split(crack, at, shell); }
        for (const auto& speck : dirt_) { soil(speck, at, shell); }
        if (poke_radius_ > 0) { press(at, shell); }
        return shell;
    }

    /// A rod with round ends: the height is that of a ball which rolls along the axis.
    [[nodiscard]] Surface bare_shell(Vec at) const {
        const bool is_cap = at.x > kSeam;
        const Vec nearest{std::clamp(at.x, kAxis[0].x, kAxis[1].x), 0};
        const auto offset = at - nearest;
        const double t = std::min(length(offset) / (is_cap ? kCapRadius : kBodyRadius), 0.975);
        const auto slope = (-t / std::sqrt(1 - t * t)) * unit(offset);
        const double mottle = rough_noise(6 * at, shell_) - 0.5;
        const auto gelatine = is_cap ? Colour{0.012, 0.165, 0.225} : Colour{0.66, 0.59, 0.43};
        // Light comes through the rim: it is a little brighter and more saturated.
        const double rim = t * t * t * t;
        Surface shell{(1 + 0.06 * mottle + 0.35 * rim) * gelatine, slope, 0.85, 1};
        const double from_seam = at.x - kSeam;
        shell.slope.x += 0.9 * smooth_step(0.022, 0.0, from_seam) * (is_cap ? 1 : 0);
        if (!is_cap) { shell.light = 1 - 0.55 * smooth_step(-0.03, 0.0, from_seam); }
        return shell;
    }

    void print(Vec at, Surface& shell) const {
        double body = ink(kBodyPrint, at);
        double cap = ink(kCapPrint, at);
        if (erased_) {
            const double gone = smooth_step(0.02, -0.02, erased_->distance(at));
            const auto moved = at - smear_;
            body = std::max((1 - gone) * body, 0.45 * gone * ink(kBodyPrint, moved));
            cap = std::max((1 - gone) * cap, 0.45 * gone * ink(kCapPrint, moved));
        }
        shell.albedo = mix(shell.albedo, Colour{0.03, 0.03, 0.035}, 0.85 * body);
        shell.albedo = mix(shell.albedo, Colour{0.75, 0.76, 0.74}, 0.85 * cap);
    }

    static void split(const Curve& crack, Vec at, Surface& shell) {
        constexpr double width = 0.012;
        const auto [distance, away] = crack.nearest(at);
        if (distance >= 2 * width) { return; }
        const double gap = smooth_step(width, 0.4 * width, distance);
        const double lip = smooth_step(2 * width, width, distance) * (1 - gap);
        shell.albedo = mix(shell.albedo, Colour{0.015, 0.012, 0.01}, 0.92 * gap);
        shell.gloss *= 1 - gap;
        shell.slope = shell.slope - (0.8 * lip) * away;
    }

    static void soil(const Blot& speck, Vec at, Surface& shell) {
        const double cover = smooth_step(0.008, -0.012, speck.distance(at));
        const double grain = rough_noise(40 * at, speck.seed + 3);
        shell.albedo =
            mix(shell.albedo, mix(Colour{0.02, 0.014, 0.01}, Colour{0.12, 0.075, 0.04}, grain),
                0.9 * cover);
        shell.gloss *= 1 - 0.9 * cover;
    }

    void press(Vec at, Surface& shell) const {
        const auto offset = at - poke_centre_;
        const double r = length(offset) / poke_radius_;
        if (r >= 1.3) { return; }
        const double hollow = smooth_step(1.1, 0.8, r);
        const double rim = smooth_step(0.95, 1.05, r) * smooth_step(1.3, 1.1, r);
        shell.slope =
            (1 - 0.7 * hollow) * shell.slope + (2.2 * r * hollow - 0.6 * rim) * unit(offset);
        shell.light *= 1 - 0.45 * smooth_step(0.9, 0.2, r);
        shell.gloss *= 1 - 0.6 * hollow;
    }

    std::uint64_t shell_;
    std::vector<Curve> cracks_;
    std::vector<Blot> dirt_;
    std::optional<Blot> erased_;
    Vec smear_;
    Vec poke_centre_;
    double poke_radius_ = 0;
};

}  // namespace

DemoCategory gelcap() { return make_category<Gelcap>("gelcap"); }

}  // namespace patchead::demo
