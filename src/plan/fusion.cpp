#include "patchead/plan/fusion.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

/// "a+b"
std::string joined_names(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) { text.append(text.empty() ? "" : "+").append(name); }
    return text;
}

bool is_over(const EvaluateUnit& unit, FuseOver over) {
    return unit.fusion && unit.fusion->over == over;
}

std::string rule_suffix(const Fusion& fusion) { return concat("-", name_of(fusion.rule)); }

}  // namespace

std::vector<const EvaluateUnit*> parts_of(const SweepPlan& plan, const EvaluateUnit& unit) {
    if (!unit.fusion) { return {&unit}; }
    std::vector<const EvaluateUnit*> parts;
    for (const auto part : unit.fusion->parts) { parts.push_back(&plan.evaluates[part]); }
    return parts;
}

std::string backbone_text(const SweepPlan& plan, const EvaluateUnit& unit) {
    if (!is_over(unit, FuseOver::backbones)) { return plan.spec.backbones[unit.backbone].name; }
    std::vector<std::string> names;
    for (const auto* part : parts_of(plan, unit)) {
        names.push_back(plan.spec.backbones[part->backbone].name);
    }
    return joined_names(names) + rule_suffix(*unit.fusion);
}

std::string sizes_text(const SweepPlan& plan, const EvaluateUnit& unit) {
    if (!unit.fusion) { return ""; }
    std::vector<std::string> sizes;
    for (const auto* part : parts_of(plan, unit)) {
        auto size = std::to_string(part->side_px);
        if (std::ranges::count(sizes, size) == 0) { sizes.push_back(std::move(size)); }
    }
    if (is_over(unit, FuseOver::sizes)) { return joined_names(sizes) + rule_suffix(*unit.fusion); }
    return sizes.size() == 1 ? "" : joined_names(sizes);
}

}  // namespace patchead
