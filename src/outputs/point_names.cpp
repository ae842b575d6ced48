#include "point_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "patchead/core/digest.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/plan/fusion.hpp"
#include "patchead/plan/units.hpp"
#include "patchead/results/point.hpp"

namespace patchead::inline outputs_detail {
namespace {

/// Of UTF-8, all but its first byte.
bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

ResultRow row_of(const SweepPlan& plan, const EvaluateUnit& unit) {
    ResultRow row;
    row.dataset = unit.dataset;
    row.category = unit.category;
    row.backbone = backbone_text(plan, unit);
    row.image_size = unit.side_px;
    row.sizes = sizes_text(plan, unit);
    row.setting = setting_name(unit);
    row.shots = unit.shots;
    row.seed = static_cast<std::int64_t>(unit.seed);
    row.modules = name_of(unit.modules);
    if (unit.detector != kPatchEad) { row.detector = plan.spec.detectors[unit.detector].name; }
    return row;
}

std::string point_name(const SweepPlan& plan, const EvaluateUnit& unit) {
    const auto row = row_of(plan, unit);
    const auto shots = row.setting == name_of(Setting::few_shot)
                           ? fmt::format("{}-shot", unit.shots)
                           : row.setting;
    auto size = size_label(row);
    const auto rule = fuse_rule_of(size);  // "224+448-mean" becomes "224+448px-mean".
    size.insert(rule.empty() ? size.size() : size.size() - rule.size() - 1, "px");
    auto name = fmt::format("{}_{}_{}_{}", row.backbone, size, shots, row.modules);
    if (unit.detector != kPatchEad) { name.append("_").append(row.detector); }
    return name;
}

std::string file_stem(std::string id) {
    constexpr std::size_t longest = 90;  // A file name may hold two of them, and an ending.
    constexpr std::size_t digits = 8;
    const auto digest = sha256(id);
    std::ranges::replace(id, '/', '_');
    if (id.size() <= longest) { return id; }
    auto end = longest - digits - 1;
    while (is_inside_character(id[end])) { --end; }
    return fmt::format("{}~{}", id.substr(0, end), digest.substr(0, digits));
}

}  // namespace patchead::inline outputs_detail
