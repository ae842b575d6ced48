#include "engine/forecast.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

/// Of one unit of each kind, in seconds of the model.
WorkGraph embed_and_match() {
    return {{{UnitKind::embed, 0}, {UnitKind::match, 0}}, {{10, {}, 1}, {20, {0}, 2}}};
}

/// After `model` seconds of the model, which took `real` ones.
RunState measured(UnitKind kind, double model, double real, int ranks = 1) {
    RunState state;
    state.ranks = ranks;
    auto& counts = state.kinds[place_of(kind)];
    counts.model_seconds = model;
    counts.rank_seconds = real;
    return state;
}

TEST(Forecast, KnowsNothingBeforeAUnitHasEnded) {
    Forecast forecast;
    forecast.begin(embed_and_match(), {});
    forecast.update(RunState{}, 30);
    EXPECT_EQ(forecast.eta_seconds(), 0);
    EXPECT_EQ(forecast.now().cost_done, 0);
    EXPECT_EQ(forecast.now().cost_total, 30);
}

TEST(Forecast, TakesKindsThatWereNotMeasuredToBeAsFarOffAsTheOthers) {
    Forecast forecast;
    forecast.begin(embed_and_match(), {});
    forecast.update(measured(UnitKind::embed, 10, 5), 30);
    EXPECT_EQ(forecast.eta_seconds(), 20 / 2);
    EXPECT_EQ(forecast.now().cost_done, 5);
    EXPECT_EQ(forecast.now().cost_total, 5 + 10);
}

TEST(Forecast, TakesTheMeasuredSpeedOfEachKind) {
    Forecast forecast;
    auto graph = embed_and_match();
    graph.units.push_back({UnitKind::embed, 1});
    graph.tasks.push_back({40, {}, 1});
    forecast.begin(graph, {});
    auto state = measured(UnitKind::embed, 10, 5);
    state.kinds[place_of(UnitKind::match)].model_seconds = 20;
    state.kinds[place_of(UnitKind::match)].rank_seconds = 60;
    forecast.update(state, 70);
    EXPECT_EQ(forecast.eta_seconds(), 40 / 2);
    EXPECT_EQ(forecast.now().cost_done, 5 + 60);
    EXPECT_EQ(forecast.now().cost_total, 5 + 60 + 20);
}

TEST(Forecast, SharesWhatIsLeftAmongTheRanks) {
    Forecast forecast;
    forecast.begin(embed_and_match(), {});
    forecast.update(measured(UnitKind::embed, 10, 10, 4), 30);
    EXPECT_EQ(forecast.eta_seconds(), 20.0 / 4);
}

TEST(Forecast, LeavesOutWhatWillNeverBeDone) {
    Forecast forecast;
    forecast.begin(embed_and_match(), {});
    forecast.update(measured(UnitKind::embed, 10, 5), 10);
    EXPECT_EQ(forecast.eta_seconds(), 0);
    EXPECT_EQ(forecast.now().cost_done, forecast.now().cost_total);
}

TEST(Forecast, AddsASecondRound) {
    Forecast forecast;
    forecast.begin(embed_and_match(), {});
    const WorkGraph second{{{UnitKind::embed, 0}}, {{10, {}, 1}}};
    auto state = measured(UnitKind::embed, 10, 10);
    state.kinds[place_of(UnitKind::match)] = {1, 1, 20, 20};
    forecast.begin(second, state);
    forecast.update(state, 10);
    EXPECT_EQ(forecast.now().cost_total, 40);
    EXPECT_EQ(forecast.now().cost_done, 30);
    EXPECT_EQ(forecast.eta_seconds(), 10);
}

TEST(Forecast, LeavesOutWhatWasSkippedInAnEarlierRound) {
    Forecast forecast;
    forecast.begin(embed_and_match(), {});
    const auto state = measured(UnitKind::embed, 10, 10);  // It failed, so the match was skipped.
    forecast.begin({{{UnitKind::embed, 0}}, {{10, {}, 1}}}, state);
    forecast.update(state, 10);
    EXPECT_EQ(forecast.now().cost_total, 20);
    EXPECT_EQ(forecast.eta_seconds(), 10);
}

}  // namespace
}  // namespace patchead
