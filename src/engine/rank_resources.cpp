#include "patchead/engine/rank_resources.hpp"

#include <algorithm>

#include "patchead/core/process.hpp"

namespace patchead {

WorkerOptions worker_of_rank(const Resources& resources, const Communicator& world) {
    auto options = resources.worker;
    if (options.decode_threads == 0) {
        options.decode_threads =
            std::max(1, cores_of_process(world.local_size()) - resources.threads);
    }
    return options;
}

}  // namespace patchead
