#pragma once

#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief What a rank takes of its machine.

namespace patchead {

/// The options of a worker; without a number of `decode_threads`, as many threads read images as a
/// rank has cores left. `core_ranks` of a machine's ranks take only what needs no device.
[[nodiscard]] WorkerOptions worker_of_rank(const Resources& resources, const Communicator& world,
                                           int core_ranks = 0);

}  // namespace patchead
