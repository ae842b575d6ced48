#include "patchead/plan/units.hpp"

#include <algorithm>
#include <set>

#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/shots.hpp"
#include "unit_kinds.hpp"

namespace patchead {

std::size_t count_of(const SweepPlan& plan, UnitKind kind) { return row_of(kind).count(plan); }

const ArtifactKey* key_of(const SweepPlan& plan, const UnitRef& unit) {
    return is_stored(unit.kind) ? row_of(unit.kind).key(plan, unit.index) : nullptr;
}

bool is_stored(UnitKind kind) { return row_of(kind).key != nullptr; }

bool is_expensive(UnitKind kind) { return row_of(kind).is_expensive; }

bool needs_device(const SweepPlan& plan, const UnitRef& unit) {
    return row_of(unit.kind).needs_device(plan, unit.index);
}

std::size_t most_forwards(const SweepPlan& plan, const UnitRef& unit) {
    return row_of(unit.kind).most_forwards(plan, unit.index);
}

std::vector<std::size_t> embeds_read_by(const SweepPlan& plan, const UnitRef& unit) {
    std::set<std::size_t> embeds;
    row_of(unit.kind).add_embeds(plan, unit.index, embeds);
    return {embeds.begin(), embeds.end()};
}

std::string setting_name(const EvaluateUnit& unit) {
    if (unit.asked_shots == kAllShots) { return std::string(kFullShot); }
    if (unit.asked_shots == kEachShot) { return std::string(kEachPrompt); }
    return std::string(name_of(setting_of(unit.shots)));
}

std::string label_of(const SweepPlan& plan, const UnitRef& unit) {
    return concat(kUnitKinds[place_of(unit.kind)].name, " ",
                  row_of(unit.kind).text(plan, unit.index));
}

std::size_t prompts_among(const SweepPlan& plan, const EvaluateUnit& point,
                          const MatchUnit& match) {
    const auto is_prompt = [&](const ImageRef& image) {
        return std::ranges::count(point.prompts, plan.embeds[image.embed].samples[image.row]) > 0;
    };
    return static_cast<std::size_t>(std::ranges::count_if(match.references, is_prompt));
}

}  // namespace patchead
