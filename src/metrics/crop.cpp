#include "crop.hpp"

#include <algorithm>
#include <cmath>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

int kept_of(int side, double share) {
    return std::clamp(static_cast<int>(std::nearbyint(share * side)), 1, std::max(side, 1));
}

int corner_of(int side, int kept) { return static_cast<int>(std::nearbyint((side - kept) / 2.0)); }

template <class Value>
void copy_window(std::span<const Value> from, int width, const MapWindow& window,
                 std::vector<Value>& to) {
    to.clear();
    for (int row = 0; row < window.size.height; ++row) {
        const auto first =
            static_cast<std::size_t>(window.top + row) * static_cast<std::size_t>(width) +
            static_cast<std::size_t>(window.left);
        const auto line = from.subspan(first, static_cast<std::size_t>(window.size.width));
        to.insert(to.end(), line.begin(), line.end());
    }
}

}  // namespace

MapWindow middle_of(MapSize size, double kept_side) {
    const MapSize kept{kept_of(size.height, kept_side), kept_of(size.width, kept_side)};
    return {corner_of(size.height, kept.height), corner_of(size.width, kept.width), kept};
}

}  // namespace patchead

namespace patchead::inline metrics_detail {

Mask cropped(const Mask& mask, const MapWindow& window) {
    Mask middle{window.size.height, window.size.width, {}};
    copy_window(std::span<const std::uint8_t>(mask.anomalous), mask.width, window,
                middle.anomalous);
    return middle;
}

std::span<const float> window_of(std::span<const float> map, const GroundTruth::Pixels& pixels,
                                 double kept_side, std::vector<float>& memory) {
    const auto size = pixels.map_size();
    if (size == pixels.size) { return map; }
    PATCHEAD_ASSERT(map.size() == size.area());
    copy_window(map, size.width, middle_of(size, kept_side), memory);
    return memory;
}

}  // namespace patchead::inline metrics_detail
