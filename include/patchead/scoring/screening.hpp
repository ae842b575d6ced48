#pragma once

#include <string>

/// \file
/// \brief How this machine finds the candidates of a match, for logs.

namespace patchead {

/// What Screening::fastest is here, and the times that say so: "fp32 (a tile takes ...)".
///
/// Measured once a process, the best of several tries, by processor time, so that others at work on
/// the machine do not decide. Whatever is chosen changes no bit of a result.
[[nodiscard]] std::string screening_text();

}  // namespace patchead
