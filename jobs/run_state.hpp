#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "patchead/dist/run_tasks.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief `run.json`: clocks and state of a run, apart from its results.

namespace patchead {

/// Work done by one task, as its report says.
[[nodiscard]] std::string to_report(const WorkCount& before, const WorkCount& after);
[[nodiscard]] WorkCount parse_report(const std::string& report);

/// What `run.json` holds; rewritten while the sweep runs.
struct RunState {
    std::string state = "running";  ///< "running", "finished" or "finished with failures".
    int ranks = 1;
    double seconds = 0;
    std::size_t units_done = 0;
    std::size_t units_failed = 0;
    std::size_t units_skipped = 0;
    std::size_t units_total = 0;
    std::uint64_t forwards_saved = 0;  ///< Images whose features were in the store already.
    WorkCount work;
    std::array<double, kUnitKinds> seconds_of_kind{};  ///< In the order of UnitKind; all ranks.
    std::vector<std::string> failures;  ///< Each reason once, in order of appearance.
};

void write_run_state(const std::filesystem::path& file, const RunState& state);

}  // namespace patchead
