#pragma once

#include "patchead/engine/progress_line.hpp"
#include "run_observer.hpp"

/// \file
/// \brief The progress line and messages on the standard error. Private to the engine layer.

namespace patchead::inline engine_detail {

class ProgressObserver : public RunObserver {
  public:
    ProgressObserver();

    void changed(const RunState& state, const RunForecast& forecast, bool at_once) override;
    void said(const std::string& message) override;
    void finished(const RunState& state, const RunForecast& forecast) override;

  private:
    ProgressDisplay display_;
};

}  // namespace patchead::inline engine_detail
