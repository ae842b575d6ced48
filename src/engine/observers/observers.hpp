#pragma once

#include "monitor.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/engine/engine_settings.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Those who hear of every run, as the settings ask for. Private to the engine layer.

namespace patchead::inline engine_detail {

/// Progress line, run.json, and what else `settings` name: Prometheus' file, the limit of the
/// store, timeline and profile. All arguments must outlive them.
[[nodiscard]] RunObservers make_observers(const EngineSettings& settings, const SweepPlan& plan,
                                          const Store& store);

}  // namespace patchead::inline engine_detail
