#include "leave_out_units.hpp"

#include <algorithm>
#include <utility>

#include "detector_units.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/core/splits.hpp"

namespace patchead::inline plan_detail {
namespace {

bool can_leave_out(const SweepSpec& spec, const EvaluateUnit& point) {
    const auto is_of_validation = [](const std::string& rule) {
        return rule.starts_with(kValidation);
    };
    if (std::ranges::all_of(spec.method.units.thresholds, is_of_validation) || point.shots < 2) {
        return false;
    }
    return point.detector == kPatchEad ? !point.modules.align : point.asked_shots != kAllShots;
}

}  // namespace

std::optional<std::size_t> add_leave_out(const Scope& scope, const EvaluateUnit& point,
                                         FewShotUnits& matched, UnitList& units) {
    if (!can_leave_out(scope.spec, point)) { return std::nullopt; }
    auto unit = point;
    unit.tests = point.prompts;
    unit.matches.clear();
    unit.detects.clear();
    unit.pictures.clear();
    unit.recorded.clear();
    if (point.detector == kPatchEad) {
        unit.matches = matched.among_prompts(point.shots);
        return units.add_leave_out(std::move(unit));
    }
    DetectorUnits of_detector(scope, point.detector, point.seed, units);
    for (std::size_t i = 0; i < point.prompts.size(); ++i) {
        unit.detects.push_back(of_detector.leave_out(point.prompts, i));
    }
    return units.add_leave_out(std::move(unit));
}

}  // namespace patchead::inline plan_detail
