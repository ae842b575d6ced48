#include "observers/progress.hpp"

#include <cstdio>

namespace patchead::inline engine_detail {
namespace {

constexpr double kSecondsBetweenLines = 10;  ///< Where the progress is no terminal.

ProgressState shown(const RunState& state, const RunForecast& forecast) {
    return {state.units_done,   state.units_failed,  state.units_total, state.forwards,
            forecast.cost_done, forecast.cost_total, state.seconds};
}

}  // namespace

ProgressObserver::ProgressObserver() : display_(stderr, kSecondsBetweenLines) {}

void ProgressObserver::changed(const RunState& state, const RunForecast& forecast,
                               bool /*at_once*/) {
    if (state.units_done > 0 || state.units_running > 0) {
        display_.update(shown(state, forecast));
    }
}

void ProgressObserver::said(const std::string& message) { display_.message(message); }

void ProgressObserver::finished(const RunState& state, const RunForecast& forecast) {
    if (state.units_total > 0) { display_.finish(shown(state, forecast)); }
}

}  // namespace patchead::inline engine_detail
