#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "patchead/plan/work_graph.hpp"

/// \file
/// \brief How much work units are: for people who plan, and for predicted times.

namespace patchead {

/// Work of some units.
struct WorkEstimate {
    std::size_t units = 0;
    double seconds = 0;          ///< On one rank.
    double flops = 0;            ///< Of networks and matrix products.
    std::uint64_t forwards = 0;  ///< Passes of images or tiles; of copies, at most.
    std::uint64_t bytes = 0;     ///< Of the artifacts in the store.
    std::uint64_t pairs = 0;     ///< Of images that are aligned.

    void add(const WorkEstimate& other);
};

/// How a rank's speed differs from the model's: seconds of each kind are multiplied by it.
using KindFactors = std::array<double, kUnitKinds.size()>;

/// One unit, without its seconds, which the work graph knows.
[[nodiscard]] WorkEstimate estimate(const SweepPlan& plan, const UnitRef& unit);

/// Floating point operations of one forward pass.
[[nodiscard]] double forward_flops(const PlannedBackbone& backbone, Grid patches);

/// What goes through a network.
struct ForwardWork {
    std::size_t images = 0;
    /// One an image, or one a tile, and those of windows.
    std::size_t passes = 0;
    double flops = 0;
};

/// All windows of these sides of an image, in passes of a whole image with as many tokens, rounded
/// up: a window has those of its patches and a class token.
[[nodiscard]] std::size_t window_passes(Grid patches, std::span<const int> sides);

/// Of `images` images of one shape, and of their windows of these sides.
[[nodiscard]] ForwardWork forward_work(const SweepSpec& spec, std::size_t backbone,
                                       const InputShape& shape, std::size_t images,
                                       std::span<const int> windows = {});

/// Of the images of `unit`.
[[nodiscard]] ForwardWork forward_work(const SweepSpec& spec, const EmbedUnit& unit);

/// Floating point operations of the matrix product of two images of `unit`.
[[nodiscard]] double product_flops(const SweepSpec& spec, const EmbedUnit& unit);

/// The tasks of `graph` with costs multiplied by the factor of their kind.
[[nodiscard]] std::vector<Task> scaled_tasks(const WorkGraph& graph, const KindFactors& factors);

}  // namespace patchead
