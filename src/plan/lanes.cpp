#include "patchead/plan/lanes.hpp"

#include <algorithm>

namespace patchead {

Lane lane_of(int place, int ranks, int core_ranks) {
    if (core_ranks == 0) { return Lane::both; }
    return place >= std::max(1, ranks - core_ranks) ? Lane::cores : Lane::device;
}

std::vector<Lane> lanes_of(int ranks, int per_machine, int core_ranks) {
    std::vector<Lane> lanes;
    lanes.reserve(static_cast<std::size_t>(ranks));
    const int most = per_machine > 0 ? per_machine : ranks;
    for (int rank = 0; rank < ranks; ++rank) {
        const int place = rank % most;
        lanes.push_back(lane_of(place, std::min(most, ranks - rank + place), core_ranks));
    }
    return lanes;
}

}  // namespace patchead
