#include "patchead/plan/sweep_plan.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "categories.hpp"
#include "few_shot_units.hpp"
#include "patchead/core/error.hpp"
#include "unit_list.hpp"
#include "zero_shot_units.hpp"

namespace patchead {
namespace {

/// `asked` with "patchead+" made into what the paper uses on `dataset`.
Modules resolve(Modules asked, const SweepSpec& spec, const std::string& dataset) {
    if (asked.by_dataset) { asked.align = !spec.masking_only.contains(dataset); }
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
    explicit Planner(const SweepSpec& spec) : spec_(spec), units_(spec) {}

    SweepPlan run() {
        for (const auto& category : categories_of(spec_)) {
            for (std::size_t backbone = 0; backbone < spec_.backbones.size(); ++backbone) {
                for (const int side : sides_of(backbone)) { expand(category, backbone, side); }
            }
        }
        auto plan = units_.take();
        choose_illustrators(plan.evaluates);
        return plan;
    }

  private:
    /// Without the sides that "default" repeats.
    [[nodiscard]] std::vector<int> sides_of(std::size_t backbone) const {
        std::vector<int> sides;
        for (const int side : spec_.sides_px) {
            const int actual = side > 0 ? side : spec_.backbones[backbone].image_px;
            if (std::ranges::count(sides, actual) == 0) { sides.push_back(actual); }
        }
        return sides;
    }

    void expand(const Category& category, std::size_t backbone, int side) {
        check(spec_.backbones[backbone], side);
        const Scope scope{spec_, category, backbone, side, embed_tests(category, backbone, side)};
        for (const auto seed : spec_.seeds) {
            const auto prompts = prompts_of(spec_, category, seed);
            FewShotUnits few_shot(scope, prompts, units_);
            ZeroShotUnits zero_shot(scope, seed, units_);
            for (const int shots : spec_.shots) {
                for (const auto& modules : spec_.modules) {
                    auto unit = point(scope, seed, shots, modules);
                    if (shots > 0) {
                        unit.prompts.assign(prompts.begin(), prompts.begin() + shots);
                        unit.matches = few_shot.groups(shots, unit.modules.align);
                    } else {
                        unit.matches = zero_shot.groups(unit.modules.align);
                        if (unit.modules.align) { unit.transforms = zero_shot.transforms(); }
                    }
                    units_.add(std::move(unit));
                }
            }
        }
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
        unit.scoring = shots > 0 ? spec_.few_shot : spec_.zero_shot;
        if (unit.modules.mask) { unit.scoring.masking = spec_.masking; }
        unit.align = spec_.align;
        unit.metrics = spec_.metrics;
        if (unit.metrics.side_px == 0) { unit.metrics.side_px = unit.side_px; }
        unit.tests = scope.category.tests;
        if (seed == spec_.seeds.front()) {
            unit.pictures = choose_pictures(spec_, scope.category);
            if (std::ranges::count(spec_.map_shots, shots) > 0) {
                unit.recorded = choose_recorded(spec_, scope.category);
            }
        }
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
        for (const auto& modules : spec_.modules) {
            require<ConfigError>(!modules.mask || backbone.has_attention, "backbone '",
                                 backbone.name, "' gives no class-token attention (masking needs ",
                                 "it); leave modules with a mask out of --modules");
        }
    }

    /// Test images in blocks of fixed size, so that a block does not depend on other options.
    std::vector<ImageRef> embed_tests(const Category& category, std::size_t backbone, int side) {
        std::vector<ImageRef> places;
        const auto& tests = category.tests;
        for (std::size_t at = 0; at < tests.size(); at += spec_.block_images) {
            const auto end = std::min(at + spec_.block_images, tests.size());
            const auto embed = units_.add(EmbedUnit{
                backbone,
                side,
                {tests.begin() + std::ptrdiff_t(at), tests.begin() + std::ptrdiff_t(end)}});
            for (std::size_t row = 0; row < end - at; ++row) { places.push_back({embed, row}); }
        }
        return places;
    }

    const SweepSpec& spec_;
    UnitList units_;
};

}  // namespace

SweepPlan make_plan(const SweepSpec& spec) { return Planner(spec).run(); }

}  // namespace patchead
