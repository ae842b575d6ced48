#pragma once

#include <vector>

/// \file
/// \brief Which tasks a rank takes, where some ranks of a machine leave the device (a GPU, or what
/// stands for it) to the others.

namespace patchead {

enum class Lane {
    both,    ///< Whatever is ready.
    device,  ///< Tasks that need the device; others while none of those is ready.
    cores    ///< Tasks that do not need the device, and nothing else.
};

/// Of the rank at `place`, from 0, of the `ranks` of a machine, whose last `core_ranks` leave the
/// device to the others. One rank at least is left for it; without core ranks all take both.
[[nodiscard]] Lane lane_of(int place, int ranks, int core_ranks);

/// Of `ranks` ranks in their order, `per_machine` on each machine (0: all) and what is left over on
/// the last one.
[[nodiscard]] std::vector<Lane> lanes_of(int ranks, int per_machine, int core_ranks);

}  // namespace patchead
