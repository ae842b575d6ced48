#pragma once

#include <array>

#include "patchead/engine/run_state.hpp"
#include "patchead/plan/work_graph.hpp"
#include "run_observer.hpp"

/// \file
/// \brief How long a run will take still. Private to the engine layer.

namespace patchead::inline engine_detail {

/// Costs of units are guesses; as soon as units of a kind have ended, their measured speed replaces
/// them.
class Forecast {
  public:
    /// A round begins; what was done in those before it, as `state` says, counts, too.
    void begin(const WorkGraph& graph, const RunState& state);

    /// `round_cost`: of this round, by the model, without units that will never be done.
    void update(const RunState& state, double round_cost);

    [[nodiscard]] const RunForecast& now() const { return now_; }
    /// 0: unknown, or done.
    [[nodiscard]] double eta_seconds() const { return eta_seconds_; }

  private:
    std::array<double, kUnitKinds.size()> cost_total_{};  ///< By the model.
    double round_cost_ = 0;
    RunForecast now_;
    double eta_seconds_ = 0;
};

}  // namespace patchead::inline engine_detail
