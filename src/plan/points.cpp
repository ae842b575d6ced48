#include "points.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/shots.hpp"

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
std::size_t add_points(const std::vector<GridPoint>& asked, std::vector<GridPoint>& points) {
    const auto of_others = points;
    std::size_t merged = 0;
    for (const auto& point : asked) {
        if (std::ranges::count(of_others, point) > 0) {
            ++merged;
        } else {
            points.push_back(point);
        }
    }
    return merged;
}

/// Whether the point is there at another seed, which stands for all.
bool is_at_another(std::uint64_t seed, const GridPoint& point,
                   const std::vector<SeedPoints>& seeds) {
    return std::ranges::any_of(seeds, [&](const SeedPoints& other) {
        return other.seed != seed && std::ranges::count(other.points, point) > 0;
    });
}

/// Why there is no such point; empty if there is.
std::string hindrance(const SweepSpec& spec, const GridPoint& point) {
    if (point.shots == kEachShot && (point.modules.align || point.modules.by_dataset)) {
        return concat("--shots ", kEachShotWord,
                      " makes no aligned copies (a forward pass for each prompt and test image): "
                      "there modules with alignment have no points");
    }
    if (point.detector == kPatchEad) { return ""; }
    const auto& detector = spec.detectors[point.detector];
    const auto setting = setting_of(point.shots);
    if (!detector.common.needs(setting)) {
        return concat("detector ", detector.name, " has no ",
                      setting == Setting::few_shot ? "few-shot" : "batch zero-shot",
                      " mode: there it has no points");
    }
    if (setting == Setting::zero_shot && spec.method.company.are_asked()) {
        return concat("detector ", detector.name,
                      " scores a batch as a whole (--company-share, --company-size and "
                      "--company-order choose among PatchEAD's matches): with them it has no batch "
                      "zero-shot points");
    }
    if (point.modules != Modules{}) {
        return concat("detector ", detector.name,
                      " takes no modules (alignment and masking are PatchEAD's): it has points of "
                      "modules 'none' only");
    }
    return "";
}

}  // namespace

bool is_seedless(const SweepSpec& spec, const GridPoint& point) {
    if (point.shots == kEachShot) { return true; }
    return point.shots == kAllShots &&
           (point.detector == kPatchEad || !spec.detectors[point.detector].draws_anywhere());
}

std::vector<GridPoint> points_of_seed(const SweepSpec& spec, const PointGrid& grid,
                                      std::set<std::string>& notes) {
    std::vector<GridPoint> points;
    const auto detectors =
        grid.detectors.empty() ? std::vector<std::size_t>{kPatchEad} : grid.detectors;
    for (const auto detector : detectors) {
        for (const int shots : grid.shots) {
            for (const auto& modules : grid.modules) {
                const GridPoint point{shots, modules, detector};
                auto why_not = hindrance(spec, point);
                if (why_not.empty()) {
                    points.push_back(point);
                } else {
                    notes.insert(std::move(why_not));
                }
            }
        }
    }
    return points;
}

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

int SeedPoints::most_shots() const {
    int most = 0;
    for (const auto& point : points) {
        if (point.shots < kEachShot) { most = std::max(most, point.shots); }
    }
    return most;
}

bool SeedPoints::has_training() const {
    return std::ranges::any_of(points, [](const auto& point) { return point.shots >= kEachShot; });
}

int SeedPoints::most_shared_shots() const {
    std::vector<GridPoint> kinds;  // Whatever their shots are.
    std::map<int, std::size_t> with_shots;
    for (const auto& point : points) {
        if (point.shots == kEachShot) { continue; }
        const GridPoint kind{0, point.modules, point.detector};
        if (std::ranges::count(kinds, kind) == 0) { kinds.push_back(kind); }
        ++with_shots[point.shots];
    }
    const auto all = [&](const auto& entry) { return entry.second == kinds.size(); };
    const auto shared = std::ranges::find_if(with_shots.rbegin(), with_shots.rend(), all);
    return shared != with_shots.rend() ? shared->first : most_shots();
}

PointList points_of(const SweepSpec& spec, const std::string& dataset, std::size_t backbone) {
    PointList list;
    for (const auto& grid : spec.grids) {
        if (!covers(grid, dataset, backbone)) { continue; }
        const auto asked = points_of_seed(spec, grid, list.notes);
        if (asked.empty()) { continue; }
        for (const int side : sides_of(grid, spec.backbones[backbone])) {
            auto& seeds = find_or_add(list.sides, &SidePoints::side_px, side).seeds;
            for (const auto seed : grid.seeds) {
                auto own = asked;
                std::erase_if(own, [&](const GridPoint& point) {
                    return is_seedless(spec, point) && is_at_another(seed, point, seeds);
                });
                if (own.empty()) { continue; }
                auto& points = find_or_add(seeds, &SeedPoints::seed, seed).points;
                list.merged += add_points(own, points);
            }
        }
    }
    return list;
}

}  // namespace patchead::inline plan_detail
