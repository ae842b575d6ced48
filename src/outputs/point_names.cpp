#include "point_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "patchead/core/option_names.hpp"

namespace patchead::inline outputs_detail {

ResultRow row_of(const SweepPlan& plan, const EvaluateUnit& unit) {
    ResultRow row;
    row.dataset = unit.dataset;
    row.category = unit.category;
    row.backbone = plan.spec.backbones[unit.backbone].name;
    row.image_size = unit.side_px;
    row.setting = name_of(setting_of(unit.shots));
    row.shots = unit.shots;
    row.seed = static_cast<std::int64_t>(unit.seed);
    row.modules = name_of(unit.modules);
    return row;
}

std::string point_name(const SweepPlan& plan, const EvaluateUnit& unit) {
    const auto setting = setting_of(unit.shots);
    const auto shots = setting == Setting::few_shot ? fmt::format("{}-shot", unit.shots)
                                                    : std::string(name_of(setting));
    return fmt::format("{}_{}px_{}_{}", plan.spec.backbones[unit.backbone].name, unit.side_px,
                       shots, name_of(unit.modules));
}

std::string file_stem(std::string id) {
    std::ranges::replace(id, '/', '_');
    return id;
}

}  // namespace patchead::inline outputs_detail
