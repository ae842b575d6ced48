#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/estimate.hpp"

/// \file
/// \brief `run.json`: clocks and state of a run, apart from its results.

namespace patchead {

/// How a run is, or how it came to its end.
enum class RunStatus { running, draining, lost_rank, finished, failures, drained, disk };

/// What run.json says: "finished with failures".
[[nodiscard]] std::string_view name_of(RunStatus status);

/// Whether the run had not come to an end when it wrote this.
[[nodiscard]] bool goes_on(RunStatus status);

/// Drained or without a disk: there are no tables.
[[nodiscard]] bool is_unfinished(RunStatus status);

/// Units of one kind.
struct KindState {
    std::size_t total = 0;
    std::size_t done = 0;
    double rank_seconds = 0;
    double model_seconds = 0;  ///< What the cost model expected of what is done.
};
using KindStates = std::array<KindState, kUnitKinds.size()>;

/// Forward passes by what went through the networks: whole images, or their tiles.
struct ForwardState {
    std::uint64_t images = 0;   ///< As they are in their files.
    std::uint64_t turned = 0;   ///< References turned or flipped.
    std::uint64_t aligned = 0;  ///< Copies in the position of another image.

    /// "(10 of images, 14 of turned or flipped references)"; empty if there were only images.
    [[nodiscard]] std::string text() const;
};

/// What `run.json` holds; rewritten while the sweep runs.
struct RunState {
    RunStatus status = RunStatus::running;
    int ranks = 1;
    std::string process;  ///< Token of rank 0.
    std::string started;  ///< UTC, "2026-11-25T03:00:00Z".
    std::string updated;  ///< The same, of the last writing.
    double seconds = 0;
    double eta_seconds = 0;  ///< 0: unknown, or done.
    std::size_t units_done = 0;
    std::size_t units_failed = 0;
    std::size_t units_skipped = 0;
    std::size_t units_running = 0;
    std::size_t units_elsewhere = 0;  ///< Of the running ones: in the hands of another process.
    std::size_t units_total = 0;
    std::uint64_t forwards_saved = 0;  ///< Images whose features were in the store already.
    std::uint64_t forwards = 0;        ///< Images that went through a backbone.
    ForwardState forwards_by{};        ///< The same; of runs from before it is 0.
    std::uint64_t products = 0;        ///< Matrix products of the match stage.
    KindStates kinds{};
    /// Numeric stacks behind the results (core/numeric_stack.hpp); none before they are there.
    std::vector<std::string> stacks;
    std::vector<std::string> failures;  ///< Each reason once, in order of appearance.
    std::vector<std::string> troubles;  ///< Retried attempts, lost ranks, repaired artifacts.

    [[nodiscard]] double units_per_second() const;
    [[nodiscard]] double images_per_second() const;
    /// Share of the ranks' time in which they had no unit.
    [[nodiscard]] double idle_share() const;
};

/// Throws CacheError.
void write_run_state(const std::filesystem::path& file, const RunState& state);

/// Throws DataError that names the file if it is no run.json of this version.
[[nodiscard]] RunState read_run_state(const std::filesystem::path& file);

/// The seconds that a run took for each kind, divided by what the model expected; of a run.json, or
/// of any file that holds both. Throws DataError.
[[nodiscard]] KindFactors speed_factors(const std::filesystem::path& file);

/// The `run.json` in a folder, and `run.<task>.json` of each array task; sorted.
[[nodiscard]] std::vector<std::filesystem::path> state_files(const std::filesystem::path& folder);

/// Now, in UTC: "2026-11-25T03:00:00Z".
[[nodiscard]] std::string utc_text();

}  // namespace patchead
