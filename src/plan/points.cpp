#include "points.hpp"

#include <algorithm>
#include <map>

namespace patchead::inline plan_detail {
namespace {

/// The item whose `member` is `value`; a new one at the end if there is none.
template <class Item, class Value>
Item& find_or_add(std::vector<Item>& items, Value Item::*member, const Value& value) {
    const auto found = std::ranges::find(items, value, member);
    if (found != items.end()) { return *found; }
    items.emplace_back().*member = value;
    return items.back();
}

bool covers(const PointGrid& grid, const std::string& dataset, std::size_t backbone) {
    return is_about(grid, dataset) &&
           (grid.backbones.empty() || std::ranges::count(grid.backbones, backbone) > 0);
}

/// How many of the points were there already.
std::size_t add_points(const PointGrid& grid, std::vector<GridPoint>& points) {
    const auto of_others = points;
    std::size_t merged = 0;
    for (const int shots : grid.shots) {
        for (const auto& modules : grid.modules) {
            const GridPoint point{shots, modules};
            if (std::ranges::count(of_others, point) > 0) {
                ++merged;
            } else {
                points.push_back(point);
            }
        }
    }
    return merged;
}

}  // namespace

bool is_about(const PointGrid& grid, const std::string& dataset) {
    return grid.datasets.empty() || std::ranges::count(grid.datasets, dataset) > 0;
}

std::vector<int> sides_of(const PointGrid& grid, const PlannedBackbone& backbone) {
    std::vector<int> sides;
    for (const int side : grid.sides_px) {
        const int actual = side == kDefaultSide ? backbone.image_px : side;
        if (std::ranges::count(sides, actual) == 0) { sides.push_back(actual); }
    }
    return sides;
}

int SeedPoints::most_shots() const { return std::ranges::max(points, {}, &GridPoint::shots).shots; }

int SeedPoints::most_shared_shots() const {
    std::vector<Modules> modules;
    std::map<int, std::size_t> with_shots;
    for (const auto& point : points) {
        if (std::ranges::count(modules, point.modules) == 0) { modules.push_back(point.modules); }
        ++with_shots[point.shots];
    }
    const auto all = [&](const auto& entry) { return entry.second == modules.size(); };
    const auto shared = std::ranges::find_if(with_shots.rbegin(), with_shots.rend(), all);
    return shared != with_shots.rend() ? shared->first : most_shots();
}

PointList points_of(const SweepSpec& spec, const std::string& dataset, std::size_t backbone) {
    PointList list;
    for (const auto& grid : spec.grids) {
        if (!covers(grid, dataset, backbone)) { continue; }
        for (const int side : sides_of(grid, spec.backbones[backbone])) {
            auto& seeds = find_or_add(list.sides, &SidePoints::side_px, side).seeds;
            for (const auto seed : grid.seeds) {
                auto& points = find_or_add(seeds, &SeedPoints::seed, seed).points;
                list.merged += add_points(grid, points);
            }
        }
    }
    return list;
}

}  // namespace patchead::inline plan_detail
