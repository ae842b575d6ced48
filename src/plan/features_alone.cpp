#include <algorithm>
#include <iterator>
#include <utility>

#include "patchead/plan/sweep_plan.hpp"

namespace patchead {

SweepPlan features_alone(SweepPlan plan) {
    SweepPlan alone{.spec = std::move(plan.spec)};
    std::ranges::copy_if(plan.embeds, std::back_inserter(alone.embeds),
                         [](const EmbedUnit& unit) { return !unit.copies; });
    return alone;
}

}  // namespace patchead
