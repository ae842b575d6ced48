#include "patchead/plan/sweep_plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "categories.hpp"
#include "few_shot_units.hpp"
#include "fused_points.hpp"
#include "patchead/core/error.hpp"
#include "points.hpp"
#include "unit_list.hpp"
#include "zero_shot_units.hpp"

namespace patchead {
namespace {

/// `asked` with "patchead+" made into what the paper uses on `dataset`.
Modules resolve(Modules asked, const SweepSpec& spec, const std::string& dataset) {
    if (asked.by_dataset) { asked.align = !spec.method.masking_only.contains(dataset); }
    return asked;
}

/// All points of a category record the same images; the first one keeps their thumbnails.
void choose_illustrators(std::vector<EvaluateUnit>& units) {
    std::set<std::pair<std::string, std::string>> seen;
    for (auto& unit : units) {
        if (unit.recorded.empty()) { continue; }
        unit.thumbnails = seen.emplace(unit.dataset, unit.category).second;
    }
}

/// Expands a spec, category by category.
class Planner {
  public:
    explicit Planner(SweepSpec spec) : units_(std::move(spec)), spec_(units_.spec()) {}

    SweepPlan run() {
        std::size_t merged = 0;
        for (const auto& category : categories_of(spec_)) {
            prompts_.clear();
            places_.clear();
            for (std::size_t backbone = 0; backbone < spec_.backbones.size(); ++backbone) {
                const auto asked = points_of(spec_, category.dataset, backbone);
                for (const auto& points : asked.sides) { expand(category, backbone, points); }
                merged += asked.merged;
            }
            const auto fused = fused_points_of(spec_, category.dataset);
            for (const auto& point : fused.points) { units_.add(fuse(point)); }
            merged += fused.merged;
        }
        auto plan = units_.take();
        plan.merged_points = merged;
        require_something_fused(plan);
        choose_illustrators(plan.evaluates);
        return plan;
    }

  private:
    void expand(const Category& category, std::size_t backbone, const SidePoints& points) {
        const int side = points.side_px;
        check(spec_.backbones[backbone], side);
        const Scope scope{spec_, category, backbone, side, embed_tests(category, backbone, side)};
        for (const auto& asked : points.seeds) {
            const bool with_pictures = asked.seed == points.seeds.front().seed;
            expand(scope, asked, with_pictures);
        }
    }

    void expand(const Scope& scope, const SeedPoints& asked, bool with_pictures) {
        const auto& prompts = prompts_for(scope.category, asked.seed, asked.most_shots());
        FewShotUnits few_shot(scope, prompts, units_);
        ZeroShotUnits zero_shot(scope, asked.seed, units_);
        for (const auto& [shots, modules] : asked.points) {
            auto unit = point(scope, asked.seed, shots, modules);
            if (with_pictures) { add_pictures(scope.category, asked, unit); }
            if (setting_of(shots) == Setting::few_shot) {
                unit.prompts.assign(prompts.begin(), prompts.begin() + shots);
                unit.matches = few_shot.groups(shots, unit.modules.align);
            } else {
                unit.matches = zero_shot.groups(unit.modules.align);
                if (unit.modules.align) { unit.transforms = zero_shot.transforms(); }
            }
            const auto place =
                place_of({scope.backbone, scope.side_px}, asked.seed, {shots, modules});
            places_[place] = units_.add(std::move(unit));
        }
    }

    /// Where a point of the category at hand is looked up.
    using Place = std::tuple<std::size_t, int, std::uint64_t, int, std::string>;
    static Place place_of(const Input& input, std::uint64_t seed, const GridPoint& point) {
        return {input.backbone, input.side_px, seed, point.shots, name_of(point.modules)};
    }

    /// A point that is made of others, which are planned: it reads what they read.
    [[nodiscard]] EvaluateUnit fuse(const FusedPoint& asked) const {
        Fusion fusion{asked.over, asked.rule, spec_.method.fusing, {}};
        if (fusion.options.calibration == FuseCalibration::automatic) {
            fusion.options.calibration =
                asked.over == FuseOver::sizes ? FuseCalibration::none : FuseCalibration::robust_z;
        }
        int side = 0;
        for (const auto& input : asked.inputs) {
            fusion.parts.push_back(places_.at(place_of(input, asked.seed, asked.point)));
            side = std::max(side, input.side_px);
        }
        auto unit = units_.point(fusion.parts.front());
        unit.fusion = std::move(fusion);
        unit.matches.clear();
        unit.transforms.clear();
        unit.side_px = side;
        unit.metrics.side_px = evaluation_side(side);
        return unit;
    }

    [[nodiscard]] int evaluation_side(int input_px) const {
        const int side = spec_.method.metrics.side_px;
        return side == kInputSide ? input_px : side;
    }

    void add_pictures(const Category& category, const SeedPoints& asked, EvaluateUnit& unit) const {
        unit.pictures = choose_pictures(spec_, category);
        const bool is_recorded =
            spec_.method.units.map_shots.empty()
                ? setting_of(unit.shots) == Setting::zero_shot ||
                      unit.shots == asked.most_shared_shots()
                : std::ranges::count(spec_.method.units.map_shots, unit.shots) > 0;
        if (is_recorded) { unit.recorded = choose_recorded(spec_, category); }
    }

    /// Drawn once for all backbones and sizes of a category.
    const std::vector<std::size_t>& prompts_for(const Category& category, std::uint64_t seed,
                                                int count) {
        const auto [known, is_new] = prompts_.try_emplace({seed, count});
        if (is_new) { known->second = prompts_of(spec_, category, seed, count); }
        return known->second;
    }

    /// The point without its inputs.
    [[nodiscard]] EvaluateUnit point(const Scope& scope, std::uint64_t seed, int shots,
                                     const Modules& modules) const {
        EvaluateUnit unit;
        unit.dataset = scope.category.dataset;
        unit.category = scope.category.name;
        unit.backbone = scope.backbone;
        unit.side_px = scope.side_px;
        unit.shots = shots;
        unit.seed = seed;
        unit.modules = resolve(modules, spec_, unit.dataset);
        const auto& backbone = spec_.backbones[scope.backbone];
        require<ConfigError>(
            !modules.mask || backbone.has_attention || !spec_.method.masking.needs_attention(),
            "backbone '", backbone.name, "' gives no class-token attention (masking needs it); ",
            "leave modules with a mask out of --modules, or give --mask-source object");
        unit.scoring = spec_.method.scoring(setting_of(shots));
        if (unit.modules.mask) { unit.scoring.masking = spec_.method.masking; }
        unit.align = spec_.method.align;
        unit.metrics = spec_.method.metrics;
        unit.metrics.side_px = evaluation_side(unit.side_px);
        unit.tests = scope.category.tests;
        return unit;
    }

    void check(const PlannedBackbone& backbone, int side) const {
        require<ConfigError>(side > 0 && side % backbone.patch_px == 0, "image size ", side,
                             " does not fit backbone '", backbone.name, "' (its patches are ",
                             backbone.patch_px, " px wide); use a multiple of ", backbone.patch_px,
                             ", e.g. ", std::max(1, side / backbone.patch_px) * backbone.patch_px);
        require<ConfigError>(!backbone.fixed_size || side == backbone.image_px, "image size ", side,
                             " does not fit backbone '", backbone.name, "' (it takes ",
                             backbone.image_px, " px only); leave --image-size out, or export ",
                             "the network for several sizes");
    }

    /// Test images in blocks of fixed size, so that a block does not depend on other options.
    std::vector<ImageRef> embed_tests(const Category& category, std::size_t backbone, int side) {
        std::vector<ImageRef> places;
        const auto& tests = category.tests;
        for (std::size_t at = 0; at < tests.size(); at += spec_.method.units.block_images) {
            const auto end = std::min(at + spec_.method.units.block_images, tests.size());
            const auto embed = units_.add(EmbedUnit{
                backbone,
                side,
                {tests.begin() + std::ptrdiff_t(at), tests.begin() + std::ptrdiff_t(end)}});
            for (std::size_t row = 0; row < end - at; ++row) { places.push_back({embed, row}); }
        }
        return places;
    }

    UnitList units_;
    const SweepSpec& spec_;  ///< That of the plan that grows.
    std::map<std::pair<std::uint64_t, int>, std::vector<std::size_t>>
        prompts_;                          ///< By seed, count.
    std::map<Place, std::size_t> places_;  ///< Of the category at hand: plain points.
};

}  // namespace

SweepPlan make_plan(SweepSpec spec) { return Planner(std::move(spec)).run(); }

}  // namespace patchead
