#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "patchead/core/stages.hpp"
#include "patchead/plan/units.hpp"
#include "patchead/results/query_time.hpp"
#include "run_observer.hpp"

/// \file
/// \brief How long queries of several detectors take. Private to the engine layer.

namespace patchead::inline engine_detail {

/// Times the units behind each point, and at the end of the run puts into `file` how long a query
/// took: of points all of whose units were computed in this run. What the file says of others
/// stays.
class QueryTimer : public RunObserver {
  public:
    /// `machine`: what is at work.
    QueryTimer(const SweepPlan& plan, std::string machine, std::filesystem::path file)
        : plan_(plan), machine_(std::move(machine)), file_(std::move(file)) {}

    void ended(const EndedUnit& unit) override;
    /// Throws CacheError.
    void finished(const RunState& state, const RunForecast& forecast) override;

    /// What this run timed. `network_ms` is NaN where no image went through the network.
    [[nodiscard]] std::vector<QueryTime> times() const;

  private:
    /// Seconds of a stage of a unit; nothing if it was not computed.
    [[nodiscard]] const StageTally* timed(UnitKind kind, std::size_t unit) const;
    [[nodiscard]] double network_ms(const EvaluateUnit& unit) const;
    /// From features to scores, of all tests; NaN if not all of it was timed.
    [[nodiscard]] double scoring_seconds(std::size_t point) const;
    [[nodiscard]] double match_seconds(const EvaluateUnit& unit, std::size_t match) const;

    const SweepPlan& plan_;
    std::string machine_;
    std::filesystem::path file_;
    std::array<std::map<std::size_t, StageTally>, kUnitKinds.size()> units_{};
};

/// The processor or GPU of the plan's networks, and threads of a rank.
[[nodiscard]] std::string machine_of(const SweepPlan& plan, int threads);

}  // namespace patchead::inline engine_detail
