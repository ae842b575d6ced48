#include "patchead/plan/sweep_plan.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "categories.hpp"
#include "detector_units.hpp"
#include "few_shot_units.hpp"
#include "fits.hpp"
#include "fused_points.hpp"
#include "leave_out_units.hpp"
#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/shots.hpp"
#include "points.hpp"
#include "unit_list.hpp"
#include "unmeasured_units.hpp"
#include "zero_shot_units.hpp"

namespace patchead {
namespace {

/// `asked` with "patchead+" made into what the paper uses on `dataset`.
Modules resolve(Modules asked, const SweepSpec& spec, const std::string& dataset) {
    if (asked.by_dataset) {
        asked.align = !spec.method.masking_only.contains(base_dataset(dataset));
    }
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
            training_.clear();
            places_.clear();
            for (std::size_t backbone = 0; backbone < spec_.backbones.size(); ++backbone) {
                const auto asked = points_of(spec_, category.dataset, backbone);
                for (const auto& points : asked.sides) { expand(category, backbone, points); }
                merged += asked.merged;
                notes_.insert(asked.notes.begin(), asked.notes.end());
            }
            const auto fused = fused_points_of(spec_, category.dataset);
            for (const auto& point : fused.points) {
                if (are_planned(point)) { units_.add(fuse(point)); }
            }
            merged += fused.merged;
        }
        auto plan = units_.take();
        plan.impossible = std::move(impossible_);
        plan.merged_points = merged;
        plan.notes.assign(notes_.begin(), notes_.end());
        if (plan.impossible.empty()) { require_something_fused(plan); }
        choose_illustrators(plan.evaluates);
        return plan;
    }

  private:
    void expand(const Category& category, std::size_t backbone, const SidePoints& points) {
        const int side = points.side_px;
        require_fits(spec_, category, spec_.backbones[backbone], side);
        const Scope scope{spec_, category, backbone, side,
                          units_.add_blocks(backbone, side, category.tests)};
        for (const auto& asked : points.seeds) {
            const bool with_pictures = asked.seed == points.seeds.front().seed;
            expand(scope, asked, with_pictures);
        }
    }

    void expand(const Scope& scope, const SeedPoints& asked, bool with_pictures) {
        const auto& drawn = prompts_for(scope.category, asked.seed, asked.most_shots());
        if (asked.has_training()) { load_training(scope.category); }
        FewShotUnits few_shot(scope, drawn, units_);
        FewShotUnits full_shot(scope, training_, units_, kPromptsOfFullShot);
        ZeroShotUnits zero_shot(scope, asked.seed, units_);
        for (const auto& wanted : asked.points) {
            if (wanted.shots == kEachShot) {
                expand_each(scope, wanted);
                continue;
            }
            auto unit = point(scope, asked.seed, wanted);
            if (with_pictures) { add_pictures(scope.category, asked, wanted.shots, unit); }
            const bool is_few_shot = setting_of(unit.shots) == Setting::few_shot;
            const bool is_full_shot = unit.asked_shots == kAllShots;
            const auto& prompts = is_full_shot ? training_ : drawn;
            if (is_few_shot) { unit.prompts.assign(prompts.begin(), prompts.begin() + unit.shots); }
            if (unit.detector != kPatchEad) {
                DetectorUnits units(scope, unit.detector, asked.seed, units_);
                unit.detects = is_few_shot ? units.few_shot(unit.prompts) : units.zero_shot();
                use_map_rule(unit);
            } else if (is_few_shot) {
                auto& matched = is_full_shot ? full_shot : few_shot;
                unit.matches = matched.groups(unit.shots, unit.modules.align);
            } else {
                const auto& company = zero_shot.companies();
                if (!company.hindrance.empty()) {
                    leave_out(std::move(unit), company.hindrance);
                    continue;
                }
                unit.companies = company.companies;
                unit.matches = zero_shot.groups(unit.modules.align);
                if (unit.modules.align) { unit.transforms = zero_shot.transforms(); }
            }
            if (is_few_shot) {
                unit.leave_out =
                    add_leave_out(scope, unit, is_full_shot ? full_shot : few_shot, units_);
            }
            unit.unmeasured = add_unmeasured(scope, unit, prompts, units_);
            const auto place = place_of({scope.backbone, scope.side_px}, asked.seed, wanted);
            places_[place] = units_.add(std::move(unit));
        }
    }

    /// A point for every training image. They share everything with other points of one shot.
    void expand_each(const Scope& scope, const GridPoint& wanted) {
        for (std::size_t i = 0; i < training_.size(); ++i) {
            auto unit = point(scope, i, wanted);
            unit.prompts = {training_[i]};
            if (unit.detector != kPatchEad) {
                unit.detects =
                    DetectorUnits(scope, unit.detector, i, units_).few_shot(unit.prompts);
                use_map_rule(unit);
            } else {
                unit.matches = FewShotUnits(scope, unit.prompts, units_).groups(1, false);
            }
            units_.add(std::move(unit));
        }
    }

    void leave_out(EvaluateUnit unit, const std::string& reason) {
        notes_.insert(concat(reason, ": there batch zero-shot has no points"));
        impossible_.push_back({std::move(unit), reason});
    }

    /// The maps of a detector are made as it was published, unless all are to be made alike.
    void use_map_rule(EvaluateUnit& unit) const {
        const auto& detector = spec_.detectors[unit.detector];
        if (!detector.published_maps) { return; }
        const auto& settings = detector.settings(unit.dataset, unit.category);
        unit.metrics.interpolation = settings.interpolation;
        unit.metrics.smooth_sigma_px = settings.smooth_sigma_px;
    }

    /// Where a point of the category at hand is looked up.
    using Place = std::tuple<std::size_t, int, std::uint64_t, int, std::string, std::size_t>;
    [[nodiscard]] Place place_of(const Input& input, std::uint64_t seed,
                                 const GridPoint& point) const {
        const auto own = is_seedless(spec_, point) ? 0 : seed;  // It is there once.
        return {input.backbone, input.side_px,          own,
                point.shots,    name_of(point.modules), point.detector};
    }

    /// Not where the category is too small for what they are made of.
    [[nodiscard]] bool are_planned(const FusedPoint& asked) const {
        return std::ranges::all_of(asked.inputs, [&](const Input& input) {
            return places_.contains(place_of(input, asked.seed, asked.point));
        });
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
        unit.detects.clear();
        unit.leave_out.reset();
        unit.unmeasured.clear();
        unit.side_px = side;
        unit.metrics.side_px = evaluation_side(side);
        return unit;
    }

    [[nodiscard]] int evaluation_side(int input_px) const {
        const int side = spec_.method.metrics.side_px;
        return side == kInputSide ? input_px : side;
    }

    void add_pictures(const Category& category, const SeedPoints& asked, int shots,
                      EvaluateUnit& unit) const {
        unit.pictures = choose_pictures(spec_, category);
        const bool is_recorded =
            spec_.method.units.map_shots.empty()
                ? setting_of(shots) == Setting::zero_shot || shots == asked.most_shared_shots()
                : std::ranges::count(spec_.method.units.map_shots, shots) > 0;
        if (is_recorded) { unit.recorded = choose_recorded(spec_, category); }
    }

    /// Drawn once for all backbones and sizes of a category.
    const std::vector<std::size_t>& prompts_for(const Category& category, std::uint64_t seed,
                                                int count) {
        const auto [known, is_new] = prompts_.try_emplace({seed, count});
        if (is_new) { known->second = prompts_of(spec_, category, seed, count); }
        return known->second;
    }

    /// The same for all seeds.
    void load_training(const Category& category) {
        if (training_.empty()) {
            training_ = training_set(spec_.samples, category.dataset, category.name);
        }
    }

    [[nodiscard]] int shots_of(const GridPoint& wanted) const {
        if (wanted.shots == kEachShot) { return 1; }
        return wanted.shots == kAllShots ? static_cast<int>(training_.size()) : wanted.shots;
    }

    /// The point without its inputs.
    [[nodiscard]] EvaluateUnit point(const Scope& scope, std::uint64_t seed,
                                     const GridPoint& wanted) const {
        const auto& modules = wanted.modules;
        EvaluateUnit unit;
        unit.dataset = scope.category.dataset;
        unit.category = scope.category.name;
        unit.backbone = scope.backbone;
        unit.side_px = scope.side_px;
        unit.asked_shots = wanted.shots;
        unit.shots = shots_of(wanted);
        unit.detector = wanted.detector;
        unit.seed = seed;
        unit.modules = resolve(modules, spec_, unit.dataset);
        const auto& backbone = spec_.backbones[scope.backbone];
        require<ConfigError>(
            !modules.mask || backbone.has_attention || !spec_.method.masking.needs_attention(),
            "backbone '", backbone.name, "' gives no class-token attention (masking needs it); ",
            "leave modules with a mask out of --modules, or give --mask-source object");
        require<ConfigError>(
            !modules.mask || !spec_.method.masking.needs_attention() ||
                spec_.method.features.tiling == Tiling{},
            "--tile gives each tile a class token of its own, whose attention says nothing of the ",
            "others (masking needs that of the whole image); leave modules with a mask out of ",
            "--modules, or give --mask-source object");
        if (unit.modules.align) { require_alignable(spec_, scope.category); }
        unit.scoring = spec_.method.scoring(setting_of(unit.shots));
        if (unit.modules.mask) { unit.scoring.masking = spec_.method.masking; }
        unit.align = spec_.method.align;
        unit.metrics = spec_.method.metrics;
        unit.metrics.side_px = evaluation_side(unit.side_px);
        unit.tests = scope.category.tests;
        return unit;
    }

    UnitList units_;
    const SweepSpec& spec_;  ///< That of the plan that grows.
    std::map<std::pair<std::uint64_t, int>, std::vector<std::size_t>>
        prompts_;                        ///< By seed, count.
    std::vector<std::size_t> training_;  ///< Of the category at hand, once it is wanted.
    std::set<std::string> notes_;
    std::vector<ImpossiblePoint> impossible_;
    std::map<Place, std::size_t> places_;  ///< Of the category at hand: plain points.
};

}  // namespace

SweepPlan make_plan(SweepSpec spec) { return Planner(std::move(spec)).run(); }

}  // namespace patchead
