#pragma once

/// \file
/// \brief SIGTERM and SIGUSR1: the wish that a run comes to an end and keeps what it has.
/// Private to the engine layer.

namespace patchead::inline engine_detail {

/// The first such signal that came; 0: none.
[[nodiscard]] int stop_signal();

}  // namespace patchead::inline engine_detail
