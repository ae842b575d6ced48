#include "patchead/engine/rank_resources.hpp"

#include <algorithm>

#include "patchead/core/process.hpp"

namespace patchead {
namespace {

/// Where ranks are not bound to cores, those that run networks have what core ranks leave.
int cores_of_rank(int threads, int wanted_core_ranks, const Communicator& world) {
    const int ranks = world.local_size();
    const int core_ranks = std::min(wanted_core_ranks, ranks - 1);
    const int share = cores_of_process(ranks);
    const int all = cores_of_process(1);
    if (core_ranks == 0 || all == share) { return share; }
    return std::max(share, (all - core_ranks * threads) / (ranks - core_ranks));
}

}  // namespace

WorkerOptions worker_of_rank(const Resources& resources, const Communicator& world,
                             int core_ranks) {
    auto options = resources.worker;
    if (options.decode_threads == 0) {
        options.decode_threads =
            std::max(1, cores_of_rank(resources.threads, core_ranks, world) - resources.threads);
    }
    return options;
}

}  // namespace patchead
