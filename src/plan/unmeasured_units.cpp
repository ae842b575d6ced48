#include "unmeasured_units.hpp"

#include <limits>
#include <utility>

#include "detector_units.hpp"
#include "patchead/core/shots.hpp"
#include "zero_shot_units.hpp"

namespace patchead::inline plan_detail {
namespace {

/// What the tests of `point`, which are those of `scope`, are scored by.
void add_inputs(const Scope& scope, const std::vector<std::size_t>& prompts, EvaluateUnit& point,
                UnitList& units) {
    const bool is_few_shot = setting_of(point.shots) == Setting::few_shot;
    if (point.detector != kPatchEad) {
        DetectorUnits of_detector(scope, point.detector, point.seed, units);
        point.detects = is_few_shot ? of_detector.few_shot(point.prompts) : of_detector.zero_shot();
    } else if (is_few_shot) {
        const auto of_unit = point.asked_shots == kAllShots
                                 ? kPromptsOfFullShot
                                 : std::numeric_limits<std::size_t>::max();
        FewShotUnits matched(scope, prompts, units, of_unit);
        point.matches = matched.groups(point.shots, point.modules.align);
    } else {
        ZeroShotUnits batches(scope, point.seed, units);
        point.matches = batches.groups(point.modules.align);
        if (point.modules.align) { point.transforms = batches.transforms(); }
    }
}

}  // namespace

std::vector<std::size_t> add_unmeasured(const Scope& scope, const EvaluateUnit& point,
                                        const std::vector<std::size_t>& prompts, UnitList& units) {
    std::vector<std::size_t> numbers;
    if (point.companies) { return numbers; }  // These are drawn for test images, by their labels.
    for (const auto& [split, samples] : scope.category.unmeasured) {
        const Category images{scope.category.dataset, scope.category.name, samples};
        const Scope of_pool{scope.spec, images, scope.backbone, scope.side_px,
                            units.add_blocks(scope.backbone, scope.side_px, samples)};
        auto unit = point;
        unit.tests = samples;
        unit.matches.clear();
        unit.detects.clear();
        unit.transforms.clear();
        unit.pictures.clear();
        unit.recorded.clear();
        unit.leave_out.reset();
        add_inputs(of_pool, prompts, unit, units);
        numbers.push_back(units.add_leave_out(std::move(unit)));
    }
    return numbers;
}

}  // namespace patchead::inline plan_detail
