#include "fused_points.hpp"

#include <algorithm>
#include <set>

#include "patchead/core/error.hpp"
#include "patchead/core/shots.hpp"

namespace patchead::inline plan_detail {
namespace {

using Inputs = std::vector<Input>;

std::vector<std::size_t> backbones_of(const SweepSpec& spec, const PointGrid& grid) {
    auto backbones = grid.backbones;
    for (std::size_t b = 0; grid.backbones.empty() && b < spec.backbones.size(); ++b) {
        backbones.push_back(b);
    }
    return backbones;
}

void add_if_several(Inputs inputs, std::vector<Inputs>& all) {
    if (inputs.size() > 1 && std::ranges::count(all, inputs) == 0) {
        all.push_back(std::move(inputs));
    }
}

/// The sides of each backbone that has several.
std::vector<Inputs> inputs_by_backbone(const SweepSpec& spec, const PointGrid& grid) {
    std::vector<Inputs> all;
    for (const auto backbone : backbones_of(spec, grid)) {
        auto sides = sides_of(grid, spec.backbones[backbone]);
        std::ranges::sort(sides);
        Inputs inputs;
        for (const int side : sides) { inputs.push_back({backbone, side}); }
        add_if_several(std::move(inputs), all);
    }
    return all;
}

/// The backbones at each side that was asked for.
std::vector<Inputs> inputs_by_side(const SweepSpec& spec, const PointGrid& grid) {
    auto backbones = backbones_of(spec, grid);
    const auto name = [&](std::size_t b) { return spec.backbones[b].name; };
    std::ranges::sort(backbones, {}, name);
    std::vector<Inputs> all;
    for (const int side : grid.sides_px) {
        Inputs inputs;
        for (const auto b : backbones) {
            inputs.push_back({b, side == kDefaultSide ? spec.backbones[b].image_px : side});
        }
        add_if_several(std::move(inputs), all);
    }
    return all;
}

/// '+' joins names in results.
void require_names(const SweepSpec& spec, const std::vector<Inputs>& all) {
    for (const auto& inputs : all) {
        for (const auto& input : inputs) {
            const auto& name = spec.backbones[input.backbone].name;
            require<ConfigError>(name.find('+') == std::string::npos, "option --fuse-backbones: '",
                                 name, "' cannot be fused (results join names by '+'); ",
                                 "give the file of the network another name");
        }
    }
}

/// Adds the points of a grid that are made of each of `all`.
void add_fused(const SweepSpec& spec, const PointGrid& grid, FuseOver over, FuseRule rule,
               const std::vector<Inputs>& all, FusedPoints& fused) {
    const auto is_there = [&](const FusedPoint& point) {
        return std::ranges::any_of(fused.points, [&](FusedPoint other) {
            if (is_seedless(spec, point.point)) { other.seed = point.seed; }
            return other == point;
        });
    };
    const auto add = [&](FusedPoint point) {
        if (is_there(point)) {
            fused.merged += is_seedless(spec, point.point) ? 0 : 1;
        } else {
            fused.points.push_back(std::move(point));
        }
    };
    std::set<std::string> told_before;
    auto points = points_of_seed(spec, grid, told_before);
    std::erase_if(points, [](const auto& point) { return point.shots == kEachShot; });
    for (const auto& inputs : all) {
        for (const auto seed : grid.seeds) {
            for (const auto& point : points) { add({over, rule, inputs, seed, point}); }
        }
    }
}

void add_over_sizes(const SweepSpec& spec, const PointGrid& grid, FusedPoints& fused) {
    const auto all = inputs_by_backbone(spec, grid);
    for (const auto rule : grid.fuse_sides) {
        add_fused(spec, grid, FuseOver::sizes, rule, all, fused);
    }
}

void add_over_backbones(const SweepSpec& spec, const PointGrid& grid, FusedPoints& fused) {
    if (grid.fuse_backbones.empty()) { return; }
    const auto all = inputs_by_side(spec, grid);
    require_names(spec, all);
    for (const auto rule : grid.fuse_backbones) {
        add_fused(spec, grid, FuseOver::backbones, rule, all, fused);
    }
}

bool has_fused(const SweepPlan& plan, FuseOver over) {
    return std::ranges::any_of(plan.evaluates, [&](const EvaluateUnit& unit) {
        return unit.fusion && unit.fusion->over == over;
    });
}

}  // namespace

void require_something_fused(const SweepPlan& plan) {
    const auto asks = [&](std::vector<FuseRule> PointGrid::*rules) {
        return std::ranges::any_of(plan.spec.grids,
                                   [&](const PointGrid& grid) { return !(grid.*rules).empty(); });
    };
    require<ConfigError>(!asks(&PointGrid::fuse_sides) || has_fused(plan, FuseOver::sizes),
                         "option --fuse-sizes: there is nothing to fuse (no backbone has two image "
                         "sizes in a grid); give two or more, e.g. --image-size 224 448");
    require<ConfigError>(!asks(&PointGrid::fuse_backbones) || has_fused(plan, FuseOver::backbones),
                         "option --fuse-backbones: there is nothing to fuse (no grid has two ",
                         "backbones); name two or more with --backbone");
}

FusedPoints fused_points_of(const SweepSpec& spec, const std::string& dataset) {
    FusedPoints fused;
    for (const auto& grid : spec.grids) {
        if (is_about(grid, dataset)) { add_over_sizes(spec, grid, fused); }
    }
    for (const auto& grid : spec.grids) {
        if (is_about(grid, dataset)) { add_over_backbones(spec, grid, fused); }
    }
    return fused;
}

}  // namespace patchead::inline plan_detail
