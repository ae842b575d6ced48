#pragma once

#include "patchead/engine/run_state.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief Exit codes of the binary; docs/hpc.md tells users what to do about each.

namespace patchead {

inline constexpr int kExitDone = 0;
inline constexpr int kExitError = 1;        ///< Wrong input; the message names it.
inline constexpr int kExitDifferent = 2;    ///< `compare --exit-code`: the runs differ.
inline constexpr int kExitDefect = 3;       ///< `score --fail-on defect`: there is one.
inline constexpr int kExitInternal = 70;    ///< A fault of the program.
inline constexpr int kExitDisk = 74;        ///< Nothing more can be written; make room, run again.
inline constexpr int kExitUnfinished = 75;  ///< Told to stop, or a rank was lost; run it again.
inline constexpr int kExitFailures = 76;    ///< Finished, but some units failed; the rest is there.
inline constexpr int kExitNoProgress = 77;  ///< `status`: interrupted without a single unit done.

/// Of what leaves the body of a job.
inline constexpr FailureCodes kFailureCodes{kExitError, kExitInternal, kExitDisk};

/// Of a run that has come to its end.
[[nodiscard]] constexpr int exit_code(RunStatus status) {
    switch (status) {
        case RunStatus::finished:
            return kExitDone;
        case RunStatus::failures:
            return kExitFailures;
        case RunStatus::disk:
            return kExitDisk;
        case RunStatus::running:
        case RunStatus::draining:
        case RunStatus::lost_rank:
        case RunStatus::drained:
            break;
    }
    return kExitUnfinished;
}

}  // namespace patchead
