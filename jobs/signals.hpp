#pragma once

/// \file
/// \brief SIGTERM and SIGUSR1: the wish that a run comes to an end and keeps what it has.

namespace patchead {

/// From now on both signals are noted and do not end the process.
void watch_stop_signals();

/// The first such signal that came; 0: none.
[[nodiscard]] int stop_signal();

}  // namespace patchead
