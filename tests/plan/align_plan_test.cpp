#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "patchead/plan/sweep_plan.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

const Modules kNone{};
const Modules kAlign{true, false};
const Modules kPlus{true, true, true};

SweepSpec aligned(std::vector<int> shots, std::vector<Modules> modules = {kNone, kAlign}) {
    auto result = spec();
    result.grids[0].shots = std::move(shots);
    result.grids[0].modules = std::move(modules);
    result.grids[0].seeds = {0};
    return result;
}

const EvaluateUnit& point(const SweepPlan& plan, int shots, bool align) {
    return *std::ranges::find_if(plan.evaluates, [&](const EvaluateUnit& unit) {
        return unit.shots == shots && unit.modules.align == align;
    });
}

TEST(AlignPlan, FewShotAlignsEachPromptWithEachTestOnce) {
    const auto plan = make_plan(aligned({1, 2}));
    ASSERT_EQ(plan.aligns.size(), 2U);
    std::set<std::pair<std::size_t, std::size_t>> pairs;
    for (const auto& unit : plan.aligns) {
        for (const auto& pair : unit.pairs) { pairs.emplace(pair.source, pair.target); }
    }
    EXPECT_EQ(pairs.size(), 2U * 70);
}

TEST(AlignPlan, FewShotPointsShareTheirTensors) {
    const auto plan = make_plan(aligned({1, 2}));
    // Three blocks of tests: the prompts themselves, and the copies of each prompt.
    EXPECT_EQ(plan.matches.size(), 3U * (1 + 2));
    const auto& one = point(plan, 1, true);
    const auto& two = point(plan, 2, true);
    ASSERT_EQ(one.matches.size(), 3U);
    EXPECT_EQ(one.matches[0].size(), 2U);
    EXPECT_EQ(two.matches[0].size(), 3U);
    EXPECT_TRUE(std::ranges::equal(one.matches[0], std::span(two.matches[0]).first(2)));
    EXPECT_EQ(point(plan, 1, false).matches[0], MatchGroup{one.matches[0][0]});
}

TEST(AlignPlan, EstimatesServeEveryBackboneAndSize) {
    auto task = aligned({1});
    task.grids[0].sides_px = {224, 448};
    EXPECT_EQ(make_plan(task).aligns.size(), 1U);
}

TEST(AlignPlan, APlainPointHasTheSameKeyWithAlignmentInTheSweep) {
    for (const int shots : {0, 2}) {
        const auto with = make_plan(aligned({shots}));
        const auto without = make_plan(aligned({shots}, {kNone}));
        EXPECT_EQ(point(with, shots, false).key, point(without, shots, false).key);
    }
}

/// The first member of a batch is the target of all.
TEST(AlignPlan, ZeroShotAlignsABatchWithItsFirstImage) {
    const auto plan = make_plan(aligned({0}));
    ASSERT_EQ(plan.aligns.size(), 2U) << "70 tests make two batches";
    for (const auto& unit : plan.aligns) {
        EXPECT_EQ(unit.pairs.size(), 64U);
        for (const auto& pair : unit.pairs) { EXPECT_EQ(pair.target, unit.pairs.front().source); }
    }
    const auto& unit = point(plan, 0, true);
    ASSERT_EQ(unit.transforms.size(), unit.tests.size());
    for (std::size_t i = 0; i < unit.tests.size(); ++i) {
        const auto& [align, pair] = unit.transforms[i];
        EXPECT_EQ(plan.aligns[align].pairs[pair].source, unit.tests[i]);
    }
}

/// Queries and references of a point's groups, by version.
std::multiset<std::pair<Version, Version>> meetings(const SweepPlan& plan,
                                                    const EvaluateUnit& unit) {
    std::multiset<std::pair<Version, Version>> result;
    const auto version = [&](const ImageRef& image) {
        const auto& copies = plan.embeds[image.embed].copies;
        return copies ? copies->versions[image.row] : Version::original;
    };
    for (const auto& group : unit.matches) {
        for (const auto match : group) {
            std::set<std::pair<Version, Version>> pairs;
            for (const auto& query : plan.matches[match].queries) {
                for (const auto& reference : plan.matches[match].references) {
                    pairs.emplace(version(query), version(reference));
                }
            }
            result.insert(pairs.begin(), pairs.end());
        }
    }
    return result;
}

TEST(AlignPlan, ZeroShotReadingsMatchTheVersionsTheyNeed) {
    constexpr auto o = Version::original;
    constexpr auto a = Version::aligned;
    constexpr auto r = Version::rotated;
    const auto of = [](ZeroAlign reading) {
        auto task = aligned({0});
        task.method.batch.size = 0;
        task.method.align.zero = reading;
        const auto plan = make_plan(task);
        return meetings(plan, point(plan, 0, true));
    };
    using Pairs = std::multiset<std::pair<Version, Version>>;
    EXPECT_EQ(of(ZeroAlign::z1), (Pairs{{o, o}, {o, a}, {o, r}}));
    EXPECT_EQ(of(ZeroAlign::z3), of(ZeroAlign::z1));
    EXPECT_EQ(of(ZeroAlign::z2),
              (Pairs{{o, o}, {o, a}, {o, r}, {a, o}, {a, a}, {a, r}, {r, o}, {r, a}, {r, r}}));
    EXPECT_EQ(of(ZeroAlign::z4), (Pairs{{o, o}, {a, a}, {r, r}}));
}

TEST(AlignPlan, PatchEadPlusOnlyMasksWhereThePaperDoes) {
    auto task = aligned({1}, {kPlus});
    EXPECT_TRUE(make_plan(task).evaluates[0].modules.align);
    task.method.masking_only = {"toy"};
    const auto plan = make_plan(task);
    EXPECT_FALSE(plan.evaluates[0].modules.align);
    EXPECT_TRUE(plan.evaluates[0].scoring.masking);
    EXPECT_EQ(name_of(plan.evaluates[0].modules), "patchead+");
    EXPECT_TRUE(plan.aligns.empty());
}

/// What an option changes: alignments, match tensors of copies, results; few-shot, then zero-shot.
TEST(AlignPlan, KeysFollowTheOptionsThatDetermineThem) {
    const auto keys = [](const AlignOptions& options) {
        auto task = aligned({0, 1}, {kAlign});
        task.method.align = options;
        const auto plan = make_plan(task);
        std::vector<std::string> result{plan.aligns[0].key.digest()};
        for (const int shots : {1, 0}) {
            const auto& unit = point(plan, shots, true);
            result.push_back(plan.matches[unit.matches[0].back()].key.digest());
            result.push_back(unit.key.digest());
        }
        return result;
    };
    const auto before = keys({});
    const auto same = [&](AlignOptions options) {
        std::vector<bool> result;
        const auto after = keys(options);
        for (std::size_t i = 0; i < after.size(); ++i) { result.push_back(after[i] == before[i]); }
        return result;
    };
    using Same = std::vector<bool>;
    EXPECT_EQ(same({.estimator = AlignEstimator::sift}), Same(5, false));
    EXPECT_EQ(same({.side_px = 224}), Same(5, false));
    EXPECT_EQ(same({.border = AlignBorder::drop}), (Same{true, false, false, false, false}));
    EXPECT_EQ(same({.rotations = false}), (Same{true, true, false, true, false}));
    EXPECT_EQ(same({.originals = false}), (Same{true, true, false, true, true}));
    EXPECT_EQ(same({.zero = ZeroAlign::z1}), (Same{true, true, true, false, false}));
}

TEST(AlignGraph, ListsInputsBeforeTheirUsers) {
    const auto task = aligned({0, 1, 2});
    const auto plan = make_plan(task);
    const auto graph = make_graph(plan, nothing(plan));
    EXPECT_EQ(graph.tasks.size(), plan.aligns.size() + plan.embeds.size() + plan.matches.size() +
                                      plan.evaluates.size());
    for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
        EXPECT_GT(graph.tasks[i].cost, 0);
        for (const auto need : graph.tasks[i].needs) { EXPECT_LT(need, i); }
    }
}

TEST(AlignGraph, OneMoreOptionOfScoringNeedsNoMatch) {
    auto task = aligned({0, 1, 2});
    const auto plan = make_plan(task);
    auto state = nothing(plan);
    state.of(UnitKind::align).assign(plan.aligns.size(), true);
    state.of(UnitKind::match).assign(plan.matches.size(), true);
    for (const auto& unit : make_graph(plan, state).units) {
        EXPECT_EQ(unit.kind, UnitKind::evaluate);
    }
}

TEST(MostForwards, CountTheCopiesOfEachQuery) {
    const auto plan = make_plan(aligned({2}));
    std::size_t forwards = 0;
    for (std::size_t i = 0; i < plan.matches.size(); ++i) {
        forwards += most_forwards(plan, {UnitKind::match, i});
    }
    EXPECT_EQ(forwards, 2U * 2 * 70);
}

}  // namespace
}  // namespace patchead
