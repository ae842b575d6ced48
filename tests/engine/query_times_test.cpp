#include "engine/observers/query_times.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/observers/observers.hpp"
#include "patchead/core/files.hpp"
#include "patchead/engine/query_times.hpp"
#include "toy_run.hpp"

namespace patchead {
namespace {

/// The toy sweep with another detector beside PatchEAD.
SweepPlan plan_with_rival() {
    auto task = spec(4);
    PlannedDetector other{.name = "other", .method = "other"};
    other.common.few_shot = PlannedNeeds{Layers().parse("layers", "2"), true, false, {}};
    task.detectors = {{.name = "patchead", .method = "patchead"}, other};
    task.grids = {{{}, {}, {224}, {1, 2}, {0}, {Modules{}}, {}, {}, {0, 1}}};
    return make_plan(std::move(task));
}

/// Seconds of stages.
WorkCount work_of(std::initializer_list<std::pair<Stage, double>> stages) {
    WorkCount work;
    for (const auto& [stage, seconds] : stages) {
        work.stages[static_cast<std::size_t>(stage)].seconds = seconds;
    }
    return work;
}

class QueryTimesTest : public ToyRun {
  protected:
    static void end(RunObserver& observer, const UnitRef& unit, const WorkCount& work) {
        const TaskOutcome outcome{TaskState::done, "", "", 0, 0, 0};
        observer.ended({unit, outcome, work, 0});
    }

    /// As if a run had computed all of the plan: an image 0.25 s in the network, a match unit 8 s,
    /// 1 s of scores of a detector.
    void end_all(RunObserver& timer, bool with_network = true) {
        for (std::size_t i = 0; i < rivals_.embeds.size() && with_network; ++i) {
            const double images = static_cast<double>(rivals_.embeds[i].samples.size());
            end(timer, {UnitKind::embed, i}, work_of({{Stage::forward, 0.25 * images}}));
        }
        for (std::size_t i = 0; i < rivals_.matches.size(); ++i) {
            end(timer, {UnitKind::match, i}, work_of({{Stage::match, 8}}));
        }
        for (std::size_t i = 0; i < rivals_.detects.size(); ++i) {
            end(timer, {UnitKind::detect, i}, work_of({{Stage::match, 1}}));
        }
        for (std::size_t i = 0; i < rivals_.evaluates.size(); ++i) {
            end(timer, {UnitKind::evaluate, i},
                work_of({{Stage::score, 0.5}, {Stage::metrics, 100}}));
        }
    }
    [[nodiscard]] static const QueryTime& time_of(const std::vector<QueryTime>& times,
                                                  const std::string& detector, int shots) {
        const auto found = std::ranges::find_if(times, [&](const QueryTime& time) {
            return time.detector == detector && time.shots == shots;
        });
        if (found == times.end()) { throw std::out_of_range("no time of " + detector); }
        return *found;
    }

    SweepPlan rivals_ = plan_with_rival();
    std::filesystem::path file_ = folder_.path() / "timings.json";
};

// Four test images; a match unit has both prompts.
TEST_F(QueryTimesTest, AreThoseOfTheUnitsBehindAPoint) {
    QueryTimer timer(rivals_, "here", file_);
    end_all(timer);
    timer.finished({}, {});
    const auto times = read_query_times(folder_.path());
    ASSERT_EQ(times.size(), 4U);
    EXPECT_EQ(time_of(times, "patchead", 1).network_ms, 250);
    EXPECT_EQ(time_of(times, "patchead", 1).scoring_ms, 1e3 * (4 + 0.5) / 4);
    EXPECT_EQ(time_of(times, "patchead", 2).scoring_ms, 1e3 * (8 + 0.5) / 4);
    EXPECT_EQ(time_of(times, "other", 1).scoring_ms, 1e3 * (1 + 0.5) / 4);
    EXPECT_EQ(time_of(times, "other", 2).queries, 4U);
    EXPECT_EQ(time_of(times, "other", 2).machine, "here");
    EXPECT_EQ(time_of(times, "other", 2).image_size, "224");
}

TEST_F(QueryTimesTest, OfWhatARunDidNotComputeStay) {
    QueryTimer first(rivals_, "here", file_);
    end_all(first);
    first.finished({}, {});
    QueryTimer nothing(rivals_, "elsewhere", file_);
    nothing.finished({}, {});
    EXPECT_EQ(time_of(read_query_times(folder_.path()), "other", 1).machine, "here");
    QueryTimer without(rivals_, "here", file_);
    end_all(without, false);
    without.finished({}, {});
    EXPECT_EQ(time_of(read_query_times(folder_.path()), "other", 1).network_ms, 250)
        << "features were in the store";
    QueryTimer other_machine(rivals_, "elsewhere", file_);
    end_all(other_machine, false);
    other_machine.finished({}, {});
    EXPECT_TRUE(std::isnan(time_of(read_query_times(folder_.path()), "other", 1).network_ms))
        << "times of two machines are not mixed";
}

TEST_F(QueryTimesTest, AreReadOfWholeFilesOnly) {
    EXPECT_TRUE(read_query_times(folder_.path()).empty());
    EXPECT_TRUE(read_query_times(folder_.path() / "nowhere").empty());
    write_whole(file_, "{");
    EXPECT_THROW(static_cast<void>(read_query_times(folder_.path())), DataError);
    QueryTimer timer(rivals_, "here", file_);
    end_all(timer);
    timer.finished({}, {});
    EXPECT_EQ(read_query_times(folder_.path()).size(), 4U) << "a damaged one is written anew";
}

TEST_F(QueryTimesTest, AreTakenWhereThereAreSeveralDetectors) {
    EXPECT_EQ(make_observers(settings_, rivals_, store_).size(), 3U);
    EXPECT_EQ(make_observers(settings_, toy_plan(), store_).size(), 2U);
}

}  // namespace
}  // namespace patchead
