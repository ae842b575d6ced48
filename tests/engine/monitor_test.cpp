#include "engine/monitor.hpp"

#include <gtest/gtest.h>

#include "fake_worker.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

using Texts = std::vector<std::string>;

/// Writes down what it hears.
class RecordingObserver : public RunObserver {
  public:
    explicit RecordingObserver(Texts& heard) : heard_(heard) {}

    void begun(const WorkGraph& graph, const RunState& state) override {
        heard_.push_back(concat("begun ", graph.tasks.size(), " of ", state.units_total));
    }
    void ended(const EndedUnit& unit) override {
        heard_.push_back(concat("ended ", kUnitKinds[place_of(unit.unit.kind)].name, " at ",
                                unit.started, ", ", unit.work.forwards, " forwards"));
    }
    void changed(const RunState& state, const RunForecast&, bool at_once) override {
        heard_.push_back(concat("changed: ", state.units_done, " done, ", name_of(state.status),
                                at_once ? " at once" : ""));
    }
    void said(const std::string& message) override { heard_.push_back("said " + message); }
    void finished(const RunState& state, const RunForecast&) override {
        heard_.push_back(concat("finished: ", name_of(state.status)));
    }

  private:
    Texts& heard_;
};

/// Cannot write what it is told.
class FullDisk : public RunObserver {
  public:
    void changed(const RunState&, const RunForecast&, bool) override {
        throw DiskError(concat("disk is full, call ", ++calls_));
    }

  private:
    int calls_ = 0;
};

class MonitorTest : public testing::Test {
  protected:
    /// Two ranks.
    Monitor& monitor() {
        if (!monitor_) { monitor_.emplace(plan_, 2, std::move(observers_)); }
        return *monitor_;
    }

    /// A task has ended as the `done`-th one, handed out after `started` seconds.
    void end(std::size_t task, std::size_t done, double started, std::uint64_t forwards = 0) {
        WorkCount work;
        work.forwards = forwards;
        work.products = 1;
        const TaskOutcome outcome{TaskState::done, "", Codec<WorkCount>::encode(work), 1,
                                  started,         0.5};
        tell(task, outcome, done, 0);
    }
    /// A task has failed as the first one, after `done` others.
    void fail(std::size_t task, std::size_t done, const std::string& reason) {
        tell(task, {TaskState::failed, reason, "", 0, 1, 0.25}, done, 1);
    }
    void tell(std::size_t task, const TaskOutcome& outcome, std::size_t done, std::size_t failed) {
        Progress progress;
        progress.done = done;
        progress.failed = failed;
        progress.total = graph_.tasks.size();
        progress.seconds = outcome.started + outcome.seconds;
        progress.latest = &outcome;
        progress.latest_task = task;
        monitor()(progress);
    }

    SweepPlan plan_ = toy_plan();
    WorkGraph graph_ = make_graph(plan_, nothing(plan_));
    Texts heard_;
    RunObservers observers_;
    std::optional<Monitor> monitor_;
};

/// One observer that writes down what it hears.
class HeardMonitorTest : public MonitorTest {
  protected:
    HeardMonitorTest() { observers_.push_back(std::make_unique<RecordingObserver>(heard_)); }
};

TEST_F(HeardMonitorTest, TellsWhatHappensInOrder) {
    monitor().begin(graph_);
    end(0, 1, 2, 4);
    end(1, 2, 3);
    monitor().note("a disk was slow");
    const auto state = monitor().finish(RunStatus::finished);
    const auto units = graph_.tasks.size();
    EXPECT_EQ(heard_,
              (Texts{concat("begun ", units, " of ", units), "changed: 0 done, running at once",
                     "said 2 points; 6 units to do on 2 ranks; 5 forwards to do, "
                     "0 saved by the store",
                     "ended embed at 2, 4 forwards", "changed: 1 done, running at once",
                     concat("ended ", kUnitKinds[place_of(graph_.units[1].kind)].name,
                            " at 3, 0 forwards"),
                     "changed: 2 done, running", "said a disk was slow",
                     "changed: 2 done, finished at once", "finished: finished"}));
    EXPECT_EQ(state.troubles, Texts{"a disk was slow"});
    EXPECT_EQ(state.seconds, 3.5);
    EXPECT_EQ(state.ranks, 2);
}

TEST_F(MonitorTest, AddsUpUnitsByKind) {
    monitor().begin(graph_);
    end(0, 1, 0, 4);
    end(1, 2, 0, 1);
    const auto state = monitor().finish(RunStatus::drained);
    EXPECT_EQ(state.units_total, graph_.tasks.size());
    EXPECT_EQ(state.units_done, 2U);
    EXPECT_EQ(state.forwards, 5U);
    EXPECT_EQ(state.products, 2U);
    std::size_t total = 0;
    double seconds = 0;
    double model_seconds = 0;
    for (const auto& kind : kUnitKinds) {
        const auto& counts = state.kinds[place_of(kind.kind)];
        EXPECT_EQ(counts.total, static_cast<std::size_t>(
                                    std::ranges::count(graph_.units, kind.kind, &UnitRef::kind)));
        total += counts.total;
        seconds += counts.rank_seconds;
        model_seconds += counts.model_seconds;
    }
    EXPECT_EQ(total, state.units_total);
    EXPECT_EQ(seconds, 0.5 + 0.5);
    EXPECT_DOUBLE_EQ(model_seconds, graph_.tasks[0].cost + graph_.tasks[1].cost);
}

TEST_F(MonitorTest, CountsASecondRoundOnTopOfTheFirst) {
    monitor().begin(graph_);
    end(0, 1, 0, 4);
    fail(1, 1, "no such image");
    WorkGraph second{{graph_.units[1]}, {graph_.tasks[1]}};
    second.tasks[0].needs.clear();
    monitor().begin(second);
    end(0, 1, 10, 1);
    const auto state = monitor().finish(RunStatus::finished);
    EXPECT_EQ(state.units_total, 1U + 1U) << "done in the first round, and to do in the second";
    EXPECT_EQ(state.units_done, 2U);
    EXPECT_EQ(state.units_failed, 0U);
    EXPECT_EQ(state.failures, Texts{});
    EXPECT_EQ(state.seconds, 1.25 + 10.5);
    EXPECT_EQ(state.forwards, 5U);
    std::size_t total = 0;
    for (const auto& kind : state.kinds) { total += kind.total; }
    EXPECT_EQ(total, state.units_total);
}

TEST_F(HeardMonitorTest, TellsWhenAUnitOfTheSecondRoundBeganOnTheClockOfTheRun) {
    monitor().begin(graph_);
    end(0, 1, 2);
    monitor().begin(graph_);
    heard_.clear();
    end(0, 1, 1);
    EXPECT_EQ(heard_.front(), "ended embed at 3.5, 0 forwards");
}

TEST_F(HeardMonitorTest, TellsEveryReasonOnce) {
    monitor().begin(graph_);
    heard_.clear();
    monitor().fail("no such image");
    monitor().fail("no masks");
    monitor().fail("no such image");
    EXPECT_EQ(heard_, (Texts{"said failed: no such image", "said failed: no masks"}));
    EXPECT_EQ(monitor().finish(RunStatus::failures).failures, (Texts{"no such image", "no masks"}));
}

TEST_F(MonitorTest, SaysWhichUnitWasTriedOnceMore) {
    monitor().begin(graph_);
    monitor()(Trouble{Trouble::Kind::retried, 1, 0, 3, "a lock"});
    const auto state = monitor().finish(RunStatus::finished);
    EXPECT_EQ(state.troubles, Texts{concat("tried once more: ", label_of(plan_, graph_.units[0]),
                                           ", which failed on rank 1 (a lock)")});
    EXPECT_EQ(state.failures, Texts{});
}

TEST_F(HeardMonitorTest, KeepsAtOnceThatARankIsLost) {
    monitor().begin(graph_);
    heard_.clear();
    monitor()(Trouble{Trouble::Kind::silent, 1, std::nullopt, 300.5, ""});
    EXPECT_EQ(heard_, (Texts{"said rank 1 at 'no unit' gave no sign of life for 300 s (its node is "
                             "lost or frozen); the job ends as unfinished",
                             "changed: 0 done, lost a rank at once"}));
}

TEST_F(MonitorTest, TakesAFullDiskForTheEndAndNotForAFailure) {
    monitor().begin(graph_);
    EXPECT_EQ(monitor().disk_trouble(), "");
    monitor()(Trouble{Trouble::Kind::disk, 0, 0, 1, "no space left"});
    EXPECT_EQ(monitor().disk_trouble(), "no space left");
    fail(0, 0, "no space left");
    EXPECT_EQ(monitor().finish(RunStatus::disk).failures, Texts{"no space left"});
}

/// Can write until the run is over.
class FullAtTheEnd : public RunObserver {
    void finished(const RunState&, const RunForecast&) override {
        throw DiskError("no space left");
    }
};

TEST_F(MonitorTest, ARunWhoseLastFilesCannotBeWrittenDoesNotEndAsFinished) {
    observers_.push_back(std::make_unique<FullAtTheEnd>());
    observers_.push_back(std::make_unique<RecordingObserver>(heard_));
    monitor().begin(graph_);
    const auto state = monitor().finish(RunStatus::finished);
    EXPECT_EQ(state.status, RunStatus::disk);
    EXPECT_EQ(state.failures, Texts{"no space left"});
    ASSERT_GE(heard_.size(), 2U);
    EXPECT_EQ(heard_[heard_.size() - 2], "finished: finished") << "the others hear of the end";
    EXPECT_EQ(heard_.back(), "changed: 0 done, disk full or read-only at once");
}

TEST_F(MonitorTest, TellsTheOthersWhenOneObserverCannotWrite) {
    observers_.push_back(std::make_unique<FullDisk>());
    observers_.push_back(std::make_unique<RecordingObserver>(heard_));
    monitor().begin(graph_);
    EXPECT_EQ(monitor().disk_trouble(), "disk is full, call 1");
    EXPECT_EQ(heard_.size(), 3U);
    end(0, 1, 0);
    EXPECT_EQ(heard_.size(), 5U);
    EXPECT_EQ(monitor().disk_trouble(), "disk is full, call 1") << "the first reason";
    EXPECT_EQ(monitor().finish(RunStatus::disk).failures, Texts{"disk is full, call 1"});
    EXPECT_EQ(heard_.back(), "finished: disk full or read-only");
}

TEST_F(MonitorTest, IsDrainingOnceTheRunIs) {
    observers_.push_back(std::make_unique<RecordingObserver>(heard_));
    monitor().begin(graph_);
    Progress progress;
    progress.draining = true;
    monitor()(progress);
    EXPECT_EQ(heard_.back(), "changed: 0 done, draining");
}

}  // namespace
}  // namespace patchead
