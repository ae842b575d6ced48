#include <array>
#include <optional>

#include "demo/category.hpp"

namespace patchead::demo {
namespace {

constexpr double kYarnsPerLength = 17;  ///< In scene units; the image is two units wide.

constexpr double kNone = -3;          ///< Height where there is no yarn: below all.
constexpr double kBackground = -1.2;  ///< Height of what is seen between the yarns.

/// +1 where the warp yarn lies on top, -1 where the weft does: a twill, two over and two under.
double on_top(int warp, int weft) { return ((warp + weft) % 4 + 4) % 4 < 2 ? 1 : -1; }

/// A yarn where it passes a point.
struct Yarn {
    int index;
    double across;  ///< -0.5 .. 0.5 over its width.
    double height;
};

class Fabric final : public Scene {
  public:
    explicit Fabric(const Draw& draw) {
        auto random = draw.random("cloth");
        seed_ = random.bits();
        const double tilt = random.uniform(-0.03, 0.03);
        direction_ = unit({1, tilt});
        origin_ = {random.uniform(0, 4), random.uniform(0, 4)};
    }

    void hole(Random& random) {
        hole_ = Blot{spot(random), random.uniform(0.09, 0.15), random.bits()};
    }
    void stain(Random& random) {
        stain_ = Blot{spot(random), random.uniform(0.14, 0.24), random.bits()};
    }
    void foreign_fibre(Random& random) {
        const auto from = spot(random);
        const auto direction = random_direction(random);
        fibre_.emplace(from, from + random.uniform(0.35, 0.6) * direction, 0.20, 3, random);
        fibre_colour_ = random.below(2) == 0 ? Colour{0.50, 0.03, 0.03} : Colour{0.75, 0.70, 0.60};
    }
    void missing_thread(Random& random) {
        const auto at = to_cloth(spot(random));
        gap_warp_ = whole(at.x);
        gap_first_ = at.y;
        gap_last_ = at.y + random.uniform(6, 12);
    }
    static constexpr auto kFlaws = std::to_array<Flaw<Fabric>>({
        {"foreign_fibre", &Fabric::foreign_fibre},
        {"hole", &Fabric::hole},
        {"missing_thread", &Fabric::missing_thread},
        {"stain", &Fabric::stain},
    });

    [[nodiscard]] Surface at(Vec place) const override {
        auto cloth = weave(place);
        if (hole_) { tear(place, cloth); }
        if (stain_) { soak(place, cloth); }
        if (fibre_) { lay(place, cloth); }
        return cloth;
    }

  private:
    static Vec spot(Random& random) {
        return {random.uniform(-0.55, 0.55), random.uniform(-0.55, 0.55)};
    }

    /// Place in units of yarns: x counts warp yarns, y weft yarns. Yarns do not run quite straight.
    [[nodiscard]] Vec to_cloth(Vec place) const {
        const Vec turned{dot(place, direction_), dot(place, left_of(direction_))};
        const Vec pull{noise(2.5 * turned, seed_ + 1), noise(2.5 * turned, seed_ + 2)};
        return kYarnsPerLength * turned + 0.7 * pull + origin_;
    }

    /// How far out of the cloth a yarn is at `along`, between its crossings: -1 .. 1.
    static double wave(double before, double after, double along) {
        return mix(before, after, smooth_step(0.15, 0.85, along));
    }

    /// Height of a round yarn whose middle is at level `level`; below everything beside it.
    static double round(double across, double level, double width) {
        const double t = 2 * across / width;
        return t * t >= 1 ? kNone : 0.55 * level + std::sqrt(1 - t * t);
    }

    [[nodiscard]] Yarn warp(Vec cloth) const {
        const int index = whole(cloth.x);
        const int row = whole(cloth.y - 0.5);
        const double level = wave(on_top(index, row), on_top(index, row + 1), cloth.y - 0.5 - row);
        const double across = cloth.x - index - 0.5;
        return {index, across,
                in_gap(cloth) ? kNone : round(across, level, width_of(index, seed_ + 3))};
    }

    [[nodiscard]] Yarn weft(Vec cloth) const {
        const int index = whole(cloth.y);
        const int col = whole(cloth.x - 0.5);
        const double level = wave(on_top(col, index), on_top(col + 1, index), cloth.x - 0.5 - col);
        const double across = cloth.y - index - 0.5;
        // Without the warp to part them the weft yarns hang loose and thin.
        const double width = (in_gap(cloth) ? 0.6 : 1) * width_of(index, seed_ + 4);
        return {index, across, round(across, -level, width)};
    }

    [[nodiscard]] bool in_gap(Vec cloth) const {
        return whole(cloth.x) == gap_warp_ && cloth.y > gap_first_ && cloth.y < gap_last_;
    }

    [[nodiscard]] double width_of(int index, std::uint64_t seed) const {
        return 0.90 + 0.14 * noise_of(index, seed);
    }

    [[nodiscard]] Surface weave(Vec place) const {
        const auto cloth = to_cloth(place);
        const auto up = warp(cloth);
        const auto across = weft(cloth);
        const bool is_warp = up.height >= across.height;
        const double top = std::max({up.height, across.height, kBackground});
        const double open = smooth_step(-0.9, 1.0, top);  // what lies deep gets little light
        const auto yarn = is_warp ? warp_colour(cloth, up) : weft_colour(cloth, across);
        return {(0.25 + 0.75 * open) * yarn, slope(cloth, is_warp, top), 0.02, 0.45 + 0.55 * open};
    }

    /// Slope of the yarn on top. It is limited, since a yarn falls off steeply at its sides.
    [[nodiscard]] Vec slope(Vec cloth, bool is_warp, double top) const {
        constexpr double step = 0.04;
        constexpr double steepest = 1.2;
        const auto height = [&](Vec at) {
            return std::max(is_warp ? warp(at).height : weft(at).height, kBackground);
        };
        const Vec rise{height(cloth + Vec{step, 0}) - top, height(cloth + Vec{0, step}) - top};
        const auto up = (1 / step) * rise;
        return (0.45 / std::max(1.0, length(up) / steepest)) * up;
    }

    /// Fibres lie along the yarn and wind around it.
    [[nodiscard]] double fibres(double along, const Yarn& yarn, std::uint64_t seed) const {
        const double wound = 1.6 * along + 1.2 * yarn.across;
        const double twist = std::abs(wound - whole(wound) - 0.5) * 2;
        const double fluff = noise({3 * along, 9 * (yarn.across + yarn.index)}, seed) - 0.5;
        const double whole_yarn = noise_of(yarn.index, seed + 1) - 0.5;
        const double slub = noise({0.25 * along, 7.3 * yarn.index}, seed + 2) - 0.5;
        return 1 + 0.22 * (twist - 0.5) + 0.5 * fluff + 0.20 * whole_yarn + 0.25 * slub;
    }

    [[nodiscard]] Colour warp_colour(Vec cloth, const Yarn& yarn) const {
        return fibres(cloth.y, yarn, seed_ + 5) * Colour{0.085, 0.135, 0.235};
    }

    [[nodiscard]] Colour weft_colour(Vec cloth, const Yarn& yarn) const {
        return fibres(cloth.x, yarn, seed_ + 6) * Colour{0.42, 0.42, 0.40};
    }

    /// A tear follows the yarns: each one ends a little further in or out.
    void tear(Vec place, Surface& cloth) const {
        if (hole_->distance(place) > 0.1) { return; }
        const auto at = to_cloth(place);
        const bool is_warp = warp(at).height >= weft(at).height;
        const double fray = is_warp ? noise_of(whole(at.x), hole_->seed + 1)
                                    : noise_of(whole(at.y), hole_->seed + 2);
        const double distance = hole_->distance(place) + 0.06 * (fray - 0.5);
        const Surface below{Colour{0.012, 0.012, 0.014}, {}, 0, 0.5};
        cloth = blend(cloth, below, smooth_step(0.006, -0.006, distance));
        cloth.light *= 1 - 0.4 * smooth_step(0.05, 0.0, std::abs(distance));
    }

    /// Oil: darker and warmer, darkest at the rim where it dried.
    void soak(Vec place, Surface& cloth) const {
        const double distance = stain_->distance(place);
        const double cover = smooth_step(0.02, -0.015, distance);
        const double rim = smooth_step(0.035, 0.0, std::abs(distance + 0.02));
        const double share = std::min(1.0, 0.72 * cover + 0.25 * rim * cover);
        cloth.albedo = mix(cloth.albedo, cloth.albedo * Colour{0.42, 0.30, 0.16}, share);
    }

    void lay(Vec place, Surface& cloth) const {
        constexpr double width = 0.016;
        const auto shadow = fibre_->nearest(place - Vec{0.012, 0.015}).distance;
        cloth.light *= 1 - 0.6 * smooth_step(2 * width, 0.5 * width, shadow);
        const auto [distance, away] = fibre_->nearest(place);
        if (distance >= 1.2 * width) { return; }
        const double t = std::min(distance / width, 0.95);
        const Surface fibre{fibre_colour_, (-t / std::sqrt(1 - t * t)) * away, 0.15, 1};
        cloth = blend(cloth, fibre, smooth_step(1.2 * width, 0.8 * width, distance));
    }

    std::uint64_t seed_ = 0;
    Vec direction_, origin_;
    std::optional<Blot> hole_, stain_;
    std::optional<Curve> fibre_;
    Colour fibre_colour_;
    int gap_warp_ = 0;
    double gap_first_ = 0, gap_last_ = 0;  ///< Of the missing piece of yarn; none if equal.
};

}  // namespace

DemoCategory fabric() { return make_category<Fabric>("fabric"); }

}  // namespace patchead::demo
