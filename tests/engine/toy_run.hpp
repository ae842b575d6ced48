#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "engine/plan_run.hpp"
#include "fake_worker.hpp"
#include "support/temporary_folder.hpp"

/// Runs of the toy sweep.

namespace patchead {

/// Tests with a toy sweep in a folder of their own, run by one rank without MPI.
class ToyRun : public testing::Test {
  protected:
    ToyRun() : plan_(toy_plan()), store_(folder_.path() / "store"), worker_(plan_, store_) {
        settings_.store = store_.root();
        settings_.output = folder_.path() / "output";
    }

    using Stop = std::function<bool()>;
    static bool never() { return false; }

    /// What it says goes to the standard error.
    std::optional<FinishedRun> run_aloud(const Stop& stop = never,
                                         Allowed allowed = Allowed::everything) {
        const Communicator alone;
        PlanRun run(settings_, plan_, store_, alone,
                    {[&](const UnitRef& unit) { return worker_.execute(unit); }, stop});
        check_ = [&] { run.check(); };
        return run.run({{"config", "toy"}}, allowed);
    }

    /// The same; `said_` is what it says.
    std::optional<FinishedRun> run(const Stop& stop = never,
                                   Allowed allowed = Allowed::everything) {
        testing::internal::CaptureStderr();
        auto finished = run_aloud(stop, allowed);
        said_ = testing::internal::GetCapturedStderr();
        return finished;
    }

    /// How it ended; nothing if it did not begin.
    std::optional<RunStatus> status_of_run(const Stop& stop = never) {
        const auto finished = run(stop);
        return finished ? std::optional(finished->status) : std::nullopt;
    }

    /// All of the sweep is in the store, as an earlier run left it.
    void fill_store() {
        static const TemporaryFolder kept;  // Copies need not be flushed to disk.
        const auto filled = kept.path() / "store";
        if (std::filesystem::exists(filled)) {
            std::filesystem::copy(filled, store_.root(), std::filesystem::copy_options::recursive);
            return;
        }
        ASSERT_EQ(status_of_run(), RunStatus::finished);
        std::filesystem::copy(store_.root(), filled, std::filesystem::copy_options::recursive);
        worker_.executed.clear();
        worker_.made.clear();
    }

    /// What run.json says.
    [[nodiscard]] RunState state() const { return read_run_state(state_file(settings_)); }

    /// The point with this number of shots.
    [[nodiscard]] UnitRef point(int shots) const {
        const auto found = std::ranges::find(plan_.evaluates, shots, &EvaluateUnit::shots);
        return {UnitKind::evaluate, static_cast<std::size_t>(found - plan_.evaluates.begin())};
    }
    /// What is matched for it.
    [[nodiscard]] UnitRef match_of(int shots) const {
        return {UnitKind::match, plan_.evaluates[point(shots).index].matches.front().front()};
    }
    /// The features of the test images, and of the prompt of one shot.
    [[nodiscard]] UnitRef tests() const {
        return {UnitKind::embed, plan_.matches[match_of(1).index].queries.front().embed};
    }
    [[nodiscard]] UnitRef prompt() const {
        return {UnitKind::embed, plan_.matches[match_of(1).index].references.front().embed};
    }
    [[nodiscard]] std::size_t units() const {
        return plan_.embeds.size() + plan_.matches.size() + plan_.evaluates.size();
    }

    [[nodiscard]] std::filesystem::path artifact(const UnitRef& unit) const {
        return store_.path(*key_of(plan_, unit));
    }
    void remove(const UnitRef& unit) const { std::filesystem::remove(artifact(unit)); }
    /// Cuts an artifact short.
    void damage(const UnitRef& unit) const {
        std::filesystem::resize_file(artifact(unit),
                                     std::filesystem::file_size(artifact(unit)) / 2);
    }
    [[nodiscard]] bool is_quarantined(const UnitRef& unit) const {
        return std::filesystem::exists(artifact(unit).string() + ".damaged");
    }

    TemporaryFolder folder_;
    EngineSettings settings_;
    SweepPlan plan_;
    Store store_;
    FakeWorker worker_;
    std::function<void()> check_;  ///< Of the run that is under way.
    std::string said_;
};

}  // namespace patchead
