#include <gtest/gtest.h>

#include <set>

#include "patchead/core/shots.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/plan/units.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

PlannedDetector plain_detector(const std::string& name, bool draws) {
    PlannedDetector planned;
    planned.name = name;
    planned.method = name;
    planned.common.few_shot = PlannedNeeds{Layers().parse("layers", "2")};
    planned.common.draws = draws;
    return planned;
}

/// PatchEAD at 2 shots and at all, with 2 seeds.
SweepSpec full_shot_sweep() {
    auto task = spec(40);
    task.method = default_method();
    task.grids[0].shots = {2, kAllShots};
    task.grids[0].modules = {{}};
    return task;
}

std::vector<EvaluateUnit> full_points(const SweepPlan& plan) {
    std::vector<EvaluateUnit> found;
    for (const auto& unit : plan.evaluates) {
        if (unit.asked_shots == kAllShots) { found.push_back(unit); }
    }
    return found;
}

TEST(FullShot, TakesTheWholeTrainingSetByIdAndTellsItsSize) {
    const auto plan = make_plan(full_shot_sweep());
    const auto points = full_points(plan);
    ASSERT_EQ(points.size(), 1U) << "PatchEAD draws nothing: all seeds have the same numbers";
    EXPECT_EQ(points[0].seed, 0U);
    EXPECT_EQ(points[0].shots, 10);
    ASSERT_EQ(points[0].prompts.size(), 10U);
    for (std::size_t i = 0; i < 10; ++i) {
        const auto& sample = plan.spec.samples[points[0].prompts[i]];
        EXPECT_EQ(sample.id, concat("dots/train/good/", 100 + i));
    }
}

TEST(FullShot, LeavesOtherPointsAsTheyAre) {
    auto task = full_shot_sweep();
    const auto plan = make_plan(task);
    task.grids[0].shots = {2};
    std::set<std::string> keys;
    for (const auto& unit : plan.evaluates) { keys.insert(unit.key.digest()); }
    for (const auto& unit : make_plan(task).evaluates) {
        EXPECT_TRUE(keys.contains(unit.key.digest()));
    }
}

TEST(FullShot, SharesThePassesOfPromptsThatWereDrawn) {
    auto task = full_shot_sweep();
    const auto both = make_plan(task).embeds.size();
    task.grids[0].shots = {kAllShots};
    EXPECT_EQ(make_plan(task).embeds.size(), both);
}

TEST(FullShot, MatchesSomePromptsAtATime) {
    auto task = full_shot_sweep();
    for (int i = 0; i < 140; ++i) {
        auto sample = task.samples.back();
        sample.id = concat("dots/train/good/", 200 + i);
        task.samples.push_back(sample);
    }
    const auto plan = make_plan(task);
    const auto point = full_points(plan).at(0);
    ASSERT_FALSE(point.matches.empty());
    for (const auto& group : point.matches) {
        std::size_t references = 0;
        std::size_t expected = 0;
        for (const auto match : group) {
            const auto& unit = plan.matches[match];
            EXPECT_LE(unit.references.size(), 64U);
            for (const auto& image : unit.references) {
                EXPECT_EQ(plan.embeds[image.embed].samples[image.row], point.prompts[expected++]);
            }
            references += unit.references.size();
        }
        EXPECT_EQ(references, 150U);
        EXPECT_EQ(group.size(), 3U);
    }
}

TEST(FullShot, DetectorsThatDrawHaveAPointOfEachSeed) {
    auto task = full_shot_sweep();
    task.detectors = {plain_detector("patchead", false), plain_detector("drawing", true),
                      plain_detector("plain", false)};
    task.grids[0].detectors = {0, 1, 2};
    const auto plan = make_plan(task);
    std::map<std::size_t, std::vector<std::uint64_t>> seeds;
    for (const auto& unit : full_points(plan)) { seeds[unit.detector].push_back(unit.seed); }
    EXPECT_EQ(seeds[0], (std::vector<std::uint64_t>{0}));
    EXPECT_EQ(seeds[1], (std::vector<std::uint64_t>{0, 1}));
    EXPECT_EQ(seeds[2], (std::vector<std::uint64_t>{0}));
    for (const auto& unit : full_points(plan)) {
        if (unit.detector == kPatchEad) { continue; }
        const auto& detect = plan.detects[unit.detects.front()];
        EXPECT_EQ(plan.fits[*detect.fit].references.size(), 10U);
    }
}

TEST(FullShot, AnotherGridWithOtherSeedsAddsNoPoint) {
    auto task = full_shot_sweep();
    task.grids.push_back(task.grids[0]);
    task.grids[0].seeds = {0};
    task.grids[1].seeds = {1, 2};
    EXPECT_EQ(full_points(make_plan(task)).size(), 1U);
}

TEST(FullShot, IsFusedOverSizesOnce) {
    auto task = full_shot_sweep();
    task.grids[0].sides_px = {224, 448};
    task.grids[0].fuse_sides = {FuseRule::mean};
    std::size_t fused = 0;
    for (const auto& unit : full_points(make_plan(task))) { fused += unit.fusion ? 1 : 0; }
    EXPECT_EQ(fused, 1U);
    EXPECT_EQ(full_points(make_plan(task)).size(), 3U);
}

TEST(FullShot, NeedsTheDigestsOfAllTrainingImages) {
    auto task = full_shot_sweep();
    EXPECT_EQ(needed_samples(task).size(), 50U);
    task.grids[0].shots = {2};
    EXPECT_LT(needed_samples(task).size(), 50U);
}

TEST(FullShot, OfNoTrainingImagesIsRefused) {
    auto task = full_shot_sweep();
    task.grids[0].shots = {kAllShots};
    std::erase_if(task.samples, [](const Sample& sample) { return sample.split == "train"; });
    EXPECT_THROW(static_cast<void>(make_plan(task)), DataError);
}

TEST(FullShot, MapsAreRecordedThereIfAskedFor) {
    auto task = full_shot_sweep();
    task.method.units.maps = 4;
    task.method.units.map_shots = {kAllShots};
    for (const auto& unit : make_plan(task).evaluates) {
        EXPECT_EQ(unit.recorded.empty(), unit.asked_shots != kAllShots);
    }
}

}  // namespace
}  // namespace patchead
