#include "engine/observers/observers.hpp"

#include <nlohmann/json.hpp>

#include "engine/observers/prometheus.hpp"
#include "engine/observers/run_profile.hpp"
#include "engine/observers/store_limit.hpp"
#include "engine/observers/trace.hpp"
#include "toy_run.hpp"

namespace patchead {
namespace {

using Json = nlohmann::json;

class ObserversTest : public ToyRun {
  protected:
    /// A unit that `rank` was handed after `started` seconds and was at for `seconds`.
    static void end(RunObserver& observer, const UnitRef& unit, int rank = 0, double started = 0,
                    double seconds = 0, const WorkCount& work = {}) {
        const TaskOutcome outcome{TaskState::done, "", "", rank, started, seconds};
        observer.ended({unit, outcome, work, started});
    }
};

TEST_F(ObserversTest, LeaveATimelineForChrome) {
    const auto file = folder_.path() / "trace.json";
    Trace trace(plan_, file);
    end(trace, tests(), 2, 0.5, 1.25);
    end(trace, match_of(1), 0, 2, 0.125);
    trace.finished({}, {});
    const auto events = Json::parse(bytes_of(file)).at("traceEvents");
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0], (Json{{"name", label_of(plan_, tests())},
                               {"cat", "embed"},
                               {"ph", "X"},
                               {"ts", 0.5e6},
                               {"dur", 1.25e6},
                               {"pid", 0},
                               {"tid", 2}}));
    EXPECT_EQ(events[1].at("cat"), "match");
}

TEST_F(ObserversTest, LeaveATimelineOfNothingIfNothingWasDone) {
    const auto file = folder_.path() / "trace.json";
    Trace(plan_, file).finished({}, {});
    EXPECT_EQ(Json::parse(bytes_of(file)), (Json{{"traceEvents", Json::array()}}));
}

TEST_F(ObserversTest, AreThoseThatTheSettingsAskFor) {
    EXPECT_EQ(make_observers(settings_, plan_, store_).size(), 2U) << "progress and state";
    settings_.trace = true;
    settings_.roofline = true;
    settings_.store_limit = 1;
    settings_.prometheus = folder_.path() / "state.prom";
    EXPECT_EQ(make_observers(settings_, plan_, store_).size(), 6U);
}

TEST_F(ObserversTest, OfARunWriteWhatTheSettingsAskFor) {
    settings_.trace = true;
    settings_.prometheus = folder_.path() / "state.prom";
    ASSERT_EQ(status_of_run(), RunStatus::finished);
    const auto trace = Json::parse(bytes_of(settings_.output / "trace.json"));
    EXPECT_EQ(trace.at("traceEvents").size(), units());
    const auto text = bytes_of(settings_.prometheus);
    EXPECT_NE(text.find(",state=\"finished\"} 1\n"), std::string::npos) << text;
    EXPECT_FALSE(std::filesystem::exists(settings_.output / "profile.json"));
}

class PrometheusTest : public ObserversTest {
  protected:
    [[nodiscard]] std::string text(const RunState& state, const std::string& run = "/out") const {
        const auto file = folder_.path() / "state.prom";
        write_prometheus(file, run, state);
        return bytes_of(file);
    }
    static void expect_line(const std::string& text, const std::string& line) {
        EXPECT_NE(("\n" + text).find("\n" + line + "\n"), std::string::npos)
            << line << "\nis not in\n"
            << text;
    }
};

TEST_F(PrometheusTest, HasALineForEachNumber) {
    RunState state;
    state.status = RunStatus::draining;
    state.ranks = 2;
    state.seconds = 10.5;
    state.units_done = 3;
    state.units_failed = 1;
    state.units_total = 9;
    state.forwards = 4'000'000'000;
    state.kinds[place_of(UnitKind::match)].rank_seconds = 2.5;
    state.failures = {"a", "b"};
    const auto shown = text(state);
    expect_line(shown, R"(patchead_run_info{run="/out",state="draining"} 1)");
    expect_line(shown, R"(patchead_units{run="/out",state="done"} 3)");
    expect_line(shown, R"(patchead_units{run="/out",state="failed"} 1)");
    expect_line(shown, R"(patchead_units{run="/out",state="total"} 9)");
    expect_line(shown, R"(patchead_rank_seconds_total{run="/out",kind="match"} 2.5)");
    expect_line(shown, R"(patchead_ranks{run="/out"} 2)");
    expect_line(shown, R"(patchead_run_seconds{run="/out"} 10.5)");
    expect_line(shown, R"(patchead_forwards_total{run="/out"} 4000000000)");
    expect_line(shown, R"(patchead_failures{run="/out"} 2)");
    expect_line(shown, R"(patchead_troubles{run="/out"} 0)");
}

TEST_F(PrometheusTest, SaysOfEachMetricWhatItIs) {
    std::istringstream lines(text({}));
    std::string described;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string first, second, name;
        words >> first >> second >> name;
        if (first == "#") {
            described = name;
        } else {
            EXPECT_EQ(first.substr(0, first.find('{')), described) << line;
            EXPECT_TRUE(described.starts_with("patchead_"));
        }
    }
}

TEST_F(PrometheusTest, EscapesNamesOfRuns) {
    expect_line(text({}, "a\"b\\c\nd"), R"(patchead_ranks{run="a\"b\\c\nd"} 1)");
}

/// All of the sweep is in the store, and features of another sweep.
class StoreLimitTest : public ObserversTest {
  protected:
    void SetUp() override {
        fill_store();
        const FeatureBlock block{{1, 2}, 1, {"x"}, {1, 2}, {}};
        store_.write(foreign_, block, CacheType::fp16, {});
    }
    [[nodiscard]] bool has(const UnitRef& unit) const {
        return store_.contains(*key_of(plan_, unit));
    }
    /// What is left to do once these are gone.
    [[nodiscard]] WorkGraph without(const std::vector<UnitRef>& units) const {
        for (const auto& unit : units) { remove(unit); }
        return make_graph(plan_, state_of(plan_, &store_));
    }

    ArtifactKey foreign_{"features", {{"of", "another sweep"}}};
};

TEST_F(StoreLimitTest, RemovesFeaturesThatNoUnitNeedsAndNothingElse) {
    const auto graph = without({match_of(1), point(1)});
    StoreLimit limit(store_, plan_, 1);
    limit.begun(graph, {});
    EXPECT_FALSE(store_.contains(foreign_));
    EXPECT_TRUE(has(tests())) << "the match needs them";
    EXPECT_TRUE(has(prompt()));
    EXPECT_TRUE(has(match_of(0))) << "no features";
    EXPECT_TRUE(has(point(0)));
}

TEST_F(StoreLimitTest, RemovesFeaturesOnceTheirLastReaderHasEnded) {
    const auto graph = without({match_of(0), point(0), match_of(1), point(1)});
    StoreLimit limit(store_, plan_, 1);
    limit.begun(graph, {});
    end(limit, match_of(1));
    EXPECT_TRUE(has(tests())) << "batch zero-shot reads them, too";
    EXPECT_FALSE(has(prompt()));
    end(limit, match_of(0));
    EXPECT_FALSE(has(tests()));
}

TEST_F(StoreLimitTest, RemovesNothingBelowTheLimit) {
    const auto graph = without({});
    StoreLimit limit(store_, plan_, 1'000'000'000);
    limit.begun(graph, {});
    EXPECT_TRUE(store_.contains(foreign_));
    EXPECT_TRUE(has(tests()));
}

TEST_F(StoreLimitTest, OfARunLeavesItAllItNeeds) {
    for (const auto& unit : {tests(), prompt(), match_of(0), match_of(1), point(0), point(1)}) {
        remove(unit);
    }
    settings_.store_limit = 1;
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(state().troubles, std::vector<std::string>{});
    EXPECT_FALSE(has(tests()));
    EXPECT_TRUE(has(point(0)));
}

}  // namespace
}  // namespace patchead
