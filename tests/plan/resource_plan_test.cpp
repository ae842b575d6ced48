#include "patchead/plan/resource_plan.hpp"

#include <gtest/gtest.h>

#include "plan/toy_sweep.hpp"

namespace patchead {
namespace {

KindFactors ones() {
    KindFactors factors{};
    factors.fill(1);
    return factors;
}

/// Sums over a whole sweep.
ResourceSeconds sum_of(const std::vector<ResourceSeconds>& work) {
    ResourceSeconds sum;
    for (const auto& task : work) {
        sum.core += task.core;
        sum.gpu += task.gpu;
    }
    return sum;
}

class ResourcePlan : public testing::Test {
  protected:
    [[nodiscard]] ResourceSeconds sum(const CoreSpeed& speed) const {
        return sum_of(split_by_resource(plan_, nothing(plan_), speed, ones()));
    }

    SweepPlan plan_ = make_plan(spec());
};

TEST_F(ResourcePlan, NetworksAndMatchingAreOfTheGpuAlone) {
    const CoreSpeed slow;
    auto fast = slow;
    fast.forward_gflops *= 4;
    fast.match_gflops *= 4;
    EXPECT_NEAR(sum(fast).gpu, sum(slow).gpu / 4, 1e-9);
    EXPECT_NEAR(sum(fast).core, sum(slow).core, 1e-9);
    EXPECT_GT(sum(slow).gpu, 0);
}

TEST_F(ResourcePlan, ReadingAndMetricsAreOfTheCores) {
    const CoreSpeed slow;
    auto fast = slow;
    fast.image_seconds /= 2;
    fast.pixels_per_second *= 2;
    EXPECT_NEAR(sum(fast).gpu, sum(slow).gpu, 1e-9);
    EXPECT_LT(sum(fast).core, sum(slow).core);
}

TEST_F(ResourcePlan, BothAreTheWorkAndTheWriting) {
    const CoreSpeed speed;
    const auto state = nothing(plan_);
    const auto graph = make_graph(plan_, state, speed);
    const auto work = split_by_resource(plan_, state, speed, ones());
    ASSERT_EQ(work.size(), graph.tasks.size());
    for (std::size_t i = 0; i < work.size(); ++i) {
        const auto kind = graph.units[i].kind;
        const bool writes = kind == UnitKind::embed || kind == UnitKind::match;
        const auto bytes = static_cast<double>(estimate(plan_, graph.units[i]).bytes);
        EXPECT_NEAR(work[i].core + work[i].gpu, graph.tasks[i].cost + (writes ? bytes / 0.5e9 : 0),
                    1e-9);
        EXPECT_EQ(work[i].gpu > 0, writes);
    }
}

TEST_F(ResourcePlan, FactorsAreOfWhatOnlyCoresDo) {
    auto factors = ones();
    factors[place_of(UnitKind::embed)] = 100;
    const auto state = nothing(plan_);
    EXPECT_EQ(sum_of(split_by_resource(plan_, state, {}, factors)).core, sum({}).core);
    factors[place_of(UnitKind::evaluate)] = 2;
    EXPECT_GT(sum_of(split_by_resource(plan_, state, {}, factors)).core, sum({}).core);
}

TEST(ResourceRun, NamesWhatLimits) {
    const std::vector<ResourceSeconds> work{{90, 9}, {90, 18}};
    const auto few = run_on(work, 1, 2);
    EXPECT_DOUBLE_EQ(few.core_seconds, 100);
    EXPECT_DOUBLE_EQ(few.gpu_seconds, 30);
    EXPECT_TRUE(few.cores_limit());
    EXPECT_DOUBLE_EQ(few.at_least(), 100);
    EXPECT_DOUBLE_EQ(few.one_after_other(), 130);
    const auto many = run_on(work, 2, 32);
    EXPECT_EQ(many.cores, 32);
    EXPECT_DOUBLE_EQ(many.gpu_seconds, 15);
    EXPECT_FALSE(many.cores_limit());
    EXPECT_DOUBLE_EQ(many.at_least(), 15);
}

TEST(ResourceRun, ARankDoesOneAfterTheOther) {
    WorkGraph graph;
    graph.units = {{UnitKind::embed, 0}};
    graph.tasks = {{1, {}}};
    const auto tasks = tasks_of_rank(graph, {{16, 2}}, 8);
    EXPECT_DOUBLE_EQ(tasks[0].cost, (2 + 2) / kBusyShare);
}

}  // namespace
}  // namespace patchead
