#include "parts/top_share.hpp"

#include <algorithm>
#include <cmath>

#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

at::Tensor mean_of_top_share(const at::Tensor& maps, double share, std::int64_t least) {
    auto means = at::empty({maps.size(0)}, at::kDouble);
    for (std::int64_t i = 0; i < maps.size(0); ++i) {
        const auto pixels = static_cast<double>(maps[i].numel());
        const auto count = std::max(least, static_cast<std::int64_t>(pixels * share));
        means[i] = mean_of_highest(maps[i], count);
    }
    return means;
}

MapSize scaled_map(MapSize input, int longer) {
    const double scale = static_cast<double>(longer) / std::max(input.height, input.width);
    const auto side = [scale](int pixels) {
        return std::max(1, static_cast<int>(std::lround(scale * pixels)));
    };
    return {side(input.height), side(input.width)};
}

}  // namespace patchead::inline detectors_detail
