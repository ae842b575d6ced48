#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "patchead/dist/run_tasks.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/units.hpp"

/// \file
/// \brief `run.json`: clocks and state of a run, apart from its results.

namespace patchead {

/// Work done by one task, as its report says: forwards, products and the stages.
[[nodiscard]] std::string to_report(const WorkCount& before, const WorkCount& after);
[[nodiscard]] WorkCount parse_report(const std::string& report);

/// How a run came to its end.
enum class RunEnd { whole, failures, drained, disk };
/// The exit code and what `run.json` says.
[[nodiscard]] int exit_code(RunEnd end);
[[nodiscard]] std::string name_of(RunEnd end);

/// Units of one kind.
struct KindState {
    std::size_t total = 0;
    std::size_t done = 0;
    double rank_seconds = 0;
    double model_seconds = 0;  ///< What the cost model expected of what is done.
};

/// What `run.json` holds; rewritten while the sweep runs.
struct RunState {
    std::string state = "running";  ///< Later "draining", "lost a rank", or a name of RunEnd.
    int ranks = 1;
    std::string process;  ///< Token of rank 0.
    std::string started;  ///< UTC, "2026-11-25T03:00:00Z".
    double seconds = 0;
    double eta_seconds = 0;  ///< 0: unknown, or done.
    std::size_t units_done = 0;
    std::size_t units_failed = 0;
    std::size_t units_skipped = 0;
    std::size_t units_running = 0;
    std::size_t units_elsewhere = 0;  ///< Of the running ones: in the hands of another process.
    std::size_t units_total = 0;
    std::uint64_t forwards_saved = 0;  ///< Images whose features were in the store already.
    WorkCount work;
    std::array<KindState, kUnitKinds.size()> kinds;
    std::vector<std::string> failures;  ///< Each reason once, in order of appearance.
    std::vector<std::string> troubles;  ///< Retried attempts, lost ranks, repaired artifacts.
};

void write_run_state(const std::filesystem::path& file, const RunState& state);

/// Now, in UTC: "2026-11-25T03:00:00Z".
[[nodiscard]] std::string utc_text();

}  // namespace patchead
