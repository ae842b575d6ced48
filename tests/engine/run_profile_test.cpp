#include "engine/observers/run_profile.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using Json = nlohmann::json;

StageTally tally(const std::vector<std::pair<Stage, StageWork>>& works) {
    StageTally stages{};
    for (const auto& [stage, work] : works) { stages[static_cast<std::size_t>(stage)] = work; }
    return stages;
}

/// Rank 0 embeds for 4 s, 3 of them in the network; rank 1 matches for 2 s.
RunProfile two_ranks() {
    RunProfile profile;
    profile.add(0, place_of(UnitKind::embed), 4,
                tally({{Stage::forward, {3, 60e9, 0}},
                       {Stage::wait, {0.5, 0, 0}},
                       {Stage::decode, {2, 0, 1e9}},
                       {Stage::write, {0.25, 0, 5e9}}}));
    profile.add(1, place_of(UnitKind::match), 1, tally({{Stage::match, {1, 10e9, 0}}}));
    profile.add(1, place_of(UnitKind::match), 1, tally({{Stage::match, {1, 10e9, 0}}}));
    return profile;
}
constexpr RunTime kTime{5, 2, 40};

Json json_of(const RunProfile& profile, const RunTime& time) {
    const TemporaryFolder folder;
    profile.write(folder.path() / "profile.json", time);
    return Json::parse(bytes_of(folder.path() / "profile.json"));
}

TEST(RunProfile, AddsUpTheStagesOfAllRanks) {
    const auto json = json_of(two_ranks(), kTime);
    EXPECT_EQ(json.at("ranks"), 2);
    EXPECT_EQ(json.at("seconds"), 5.0);
    EXPECT_EQ(json.at("sgemm_gflops_per_second"), 40.0);
    EXPECT_EQ(json.at("idle_seconds"), 2 * 5.0 - (4 + 2));
    EXPECT_EQ(json.at("forward_share"), 3 / 3.5);
    const auto& stages = json.at("stages");
    EXPECT_EQ(stages.size(), kStages.size() + 1);
    EXPECT_EQ(stages.at("forward"), (Json{{"seconds", 3.0},
                                          {"flops", 60e9},
                                          {"bytes", 0.0},
                                          {"gflops_per_second", 60e9 * 1e-9 / 3},
                                          {"of_peak", 60e9 * 1e-9 / 3 / 40}}));
    EXPECT_EQ(stages.at("match").at("seconds"), 2.0);
    EXPECT_EQ(stages.at("write").at("bytes"), 5e9);
}

TEST(RunProfile, CountsWhatNoStageAccountsForWithoutTheThreadThatReadsAhead) {
    const auto json = json_of(two_ranks(), kTime);
    EXPECT_EQ(json.at("stages").at("other").at("seconds"), 4 + 2 - (3 + 0.5 + 0.25 + 2));
}

TEST(RunProfile, TellsRanksAndKindsApart) {
    const auto ranks = json_of(two_ranks(), kTime).at("by_rank");
    ASSERT_EQ(ranks.size(), 2U);
    EXPECT_EQ(ranks[0].at("rank"), 0);
    EXPECT_EQ(ranks[0].at("busy_seconds"), 4.0);
    EXPECT_EQ(ranks[0].at("idle_seconds"), 1.0);
    EXPECT_EQ(ranks[0].at("kinds").at("embed").at("seconds"), 4.0);
    EXPECT_EQ(ranks[0].at("kinds").at("match").at("seconds"), 0.0);
    EXPECT_EQ(ranks[1].at("kinds").at("match").at("stages").at("match").at("flops"), 20e9);
}

TEST(RunProfile, ShowsALineForEachStageAndWhatIsLeft) {
    const auto text = two_ranks().text(kTime);
    EXPECT_NE(text.find("sgemm peak of a rank: 40 GFLOP/s\n"), std::string::npos) << text;
    for (const auto& stage : kStages) {
        EXPECT_NE(text.find("\n" + std::string(stage.name) + " "), std::string::npos) << stage.name;
    }
    EXPECT_NE(text.find("\nidle             4.00    40.0 %"), std::string::npos) << text;
    EXPECT_NE(text.find("the network was at work in 85.7 % of the time of embedding\n"),
              std::string::npos)
        << text;
}

TEST(RunProfile, OfARunInWhichNothingWasDoneHasNoNonsense) {
    const RunTime nothing{0, 1, 0};
    const auto text = RunProfile().text(nothing);
    EXPECT_EQ(text.find("nan"), std::string::npos) << text;
    EXPECT_EQ(text.find("inf"), std::string::npos) << text;
    EXPECT_EQ(json_of(RunProfile(), nothing).at("idle_seconds"), 0.0);
}

TEST(RunProfile, HearsOfUnitsByTheirRank) {
    ProfileObserver observer("unused");
    const UnitRef unit{UnitKind::embed, 0};
    const TaskOutcome outcome{TaskState::done, "", "", 0, 0, 1};
    const WorkCount work;
    EXPECT_NO_THROW(observer.ended({unit, outcome, work, 0}));
}

}  // namespace
}  // namespace patchead
