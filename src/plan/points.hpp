#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief The points that the grids of a sweep ask for, each once. Private to the plan layer.

namespace patchead::inline plan_detail {

/// One ablation point of a category, backbone, size and seed.
struct GridPoint {
    int shots = 0;
    Modules modules;
    std::size_t detector = kPatchEad;

    bool operator==(const GridPoint&) const = default;
};

/// Whether all seeds have the same numbers there: the prompts are the whole training set, and the
/// detector draws nothing; or each of it, which needs no seeds to vary. Such a point is there once,
/// at the first of the seeds.
[[nodiscard]] bool is_seedless(const SweepSpec& spec, const GridPoint& point);

/// Points that share their prompts and batches.
struct SeedPoints {
    std::uint64_t seed = 0;
    std::vector<GridPoint> points{};

    /// Of few-shot; 0 if there are none. The whole training set is another list of prompts.
    [[nodiscard]] int most_shots() const;
    /// Whether points take the whole training set, together or one by one.
    [[nodiscard]] bool has_training() const;
    /// The most shots that every detector has with every one of its modules: at which they can be
    /// compared.
    [[nodiscard]] int most_shared_shots() const;
};

/// Points that share the features of their test images.
struct SidePoints {
    int side_px = 0;
    std::vector<SeedPoints> seeds{};
};

struct PointList {
    std::vector<SidePoints> sides;
    std::size_t merged = 0;         ///< How often a grid asked for a point that another one has.
    std::set<std::string> notes{};  ///< Which points cannot be, and why.
};

/// The points of one seed that `grid` asks for in some category of `dataset`, in their order;
/// those of a detector that has no such mode or takes no modules are told in `notes` instead.
[[nodiscard]] std::vector<GridPoint> points_of_seed(const SweepSpec& spec, const PointGrid& grid,
                                                    std::set<std::string>& notes);

/// Whether `grid` has points of `dataset`.
[[nodiscard]] bool is_about(const PointGrid& grid, const std::string& dataset);

/// The sides of a grid through one backbone, without those that "default" repeats.
[[nodiscard]] std::vector<int> sides_of(const PointGrid& grid, const PlannedBackbone& backbone);

/// What is asked of each category of `dataset` through one backbone, in the order of the grids.
[[nodiscard]] PointList points_of(const SweepSpec& spec, const std::string& dataset,
                                  std::size_t backbone);

}  // namespace patchead::inline plan_detail
