#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/plan/work_graph.hpp"

/// A sweep over made-up images, for tests of the plan.

namespace patchead {

/// `tests` test images, every second one anomalous, and ten prompts candidates.
inline std::vector<Sample> samples(int tests) {
    std::vector<Sample> result;
    const auto add = [&](const std::string& split, bool anomalous, int i) {
        Sample sample;
        sample.dataset = "toy";
        sample.category = "dots";
        sample.split = split;
        sample.defect_type = anomalous ? concat("defect", i % 3) : "good";
        sample.anomalous = anomalous;
        sample.id = concat("dots/", split, "/", sample.defect_type, "/", 100 + i);
        sample.digest = concat("digest of ", sample.id);
        sample.size = {256, 256};
        result.push_back(sample);
    };
    for (int i = 0; i < tests; ++i) { add("test", i % 2 == 1, i); }
    for (int i = 0; i < 10; ++i) { add("train", false, i); }
    std::ranges::sort(result, {}, &Sample::id);
    return result;
}

inline SweepSpec spec(int tests = 70) {
    SweepSpec result;
    result.samples = samples(tests);
    result.backbones = {
        {"net", {{"weights", "abc"}}, {}, 16, 192, 6, 1000, true, 224, false, 192, 6}};
    result.grids = {{{}, {}, {224}, {0, 1, 2}, {0, 1}, {{false, false}, {false, true}}}};
    return result;
}

/// A store that has all artifacts of `plan`, or none.
inline StoreState stored(const SweepPlan& plan, bool all) {
    StoreState state;
    for (const auto& kind : kUnitKinds) {
        if (is_stored(kind.kind)) { state.of(kind.kind).assign(count_of(plan, kind.kind), all); }
    }
    return state;
}

inline StoreState nothing(const SweepPlan& plan) { return stored(plan, false); }

}  // namespace patchead
