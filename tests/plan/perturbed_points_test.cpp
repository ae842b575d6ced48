#include <gtest/gtest.h>

#include "patchead/plan/sweep_plan.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

TEST(PerturbedPoints, ShareTheirPromptsWithThoseAsTheyAre) {
    auto task = spec(8);
    task.grids = {{{}, {}, {224}, {1}, {0}, {{false, false}}}};
    const auto plain = make_plan(task);
    auto perturbed = task.samples;
    for (auto& sample : perturbed) {
        sample.dataset = "toy+noise-0.1";
        if (sample.split == "test") { sample.perturbation = "noise-0.1-0"; }
    }
    task.samples.insert(task.samples.end(), perturbed.begin(), perturbed.end());
    const auto both = make_plan(task);
    ASSERT_EQ(plain.embeds.size(), 2U);  // Tests and prompts.
    EXPECT_EQ(both.embeds.size(), 3U);
    EXPECT_EQ(both.evaluates.size(), 2U);
    EXPECT_EQ(both.evaluates[0].key.digest(), plain.evaluates[0].key.digest());
    EXPECT_NE(both.evaluates[1].key.digest(), plain.evaluates[0].key.digest());
}

}  // namespace
}  // namespace patchead
