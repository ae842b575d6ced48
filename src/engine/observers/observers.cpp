#include "observers/observers.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "observers/progress.hpp"
#include "observers/prometheus.hpp"
#include "observers/query_times.hpp"
#include "observers/run_profile.hpp"
#include "observers/store_limit.hpp"
#include "observers/trace.hpp"
#include "run_files.hpp"

namespace patchead::inline engine_detail {
namespace {

/// Writes the state every few seconds, and whenever that is worth it.
class StateWriter : public RunObserver {
  public:
    explicit StateWriter(std::function<void(const RunState&)> write) : write_(std::move(write)) {}

    void changed(const RunState& state, const RunForecast& /*forecast*/, bool at_once) override {
        constexpr double kSecondsBetween = 2;
        if (!at_once && state.seconds - written_ <= kSecondsBetween) { return; }
        written_ = state.seconds;
        auto stamped = state;
        stamped.updated = utc_text();
        write_(stamped);
    }

  private:
    std::function<void(const RunState&)> write_;
    double written_ = 0;
};

bool has_rivals(const SweepPlan& plan) {
    return std::ranges::any_of(plan.evaluates,
                               [](const EvaluateUnit& unit) { return unit.detector != kPatchEad; });
}

}  // namespace

RunObservers make_observers(const EngineSettings& settings, const SweepPlan& plan,
                            const Store& store) {
    RunObservers observers;
    observers.push_back(std::make_unique<ProgressObserver>());
    observers.push_back(std::make_unique<StateWriter>(
        [file = state_file(settings)](const RunState& state) { write_run_state(file, state); }));
    if (has_rivals(plan)) {
        observers.push_back(std::make_unique<QueryTimer>(plan, machine_of(plan, settings.threads),
                                                         timings_file(settings)));
    }
    if (!settings.prometheus.empty()) {
        observers.push_back(std::make_unique<StateWriter>([&settings](const RunState& state) {
            write_prometheus(settings.prometheus, settings.output.string(), state);
        }));
    }
    if (settings.store_limit) {
        observers.push_back(std::make_unique<StoreLimit>(store, plan, *settings.store_limit));
    }
    if (settings.trace) {
        observers.push_back(std::make_unique<Trace>(plan, trace_file(settings)));
    }
    if (settings.roofline) {
        observers.push_back(std::make_unique<ProfileObserver>(profile_file(settings)));
    }
    return observers;
}

}  // namespace patchead::inline engine_detail
