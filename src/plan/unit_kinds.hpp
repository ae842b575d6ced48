#pragma once

#include <set>

#include "patchead/plan/estimate.hpp"
#include "patchead/plan/units.hpp"

/// \file
/// \brief What differs between kinds of unit: a row of functions for each. Private to the plan
/// layer.

namespace patchead::inline plan_detail {

/// Functions of one kind; `index` is the place in the plan's list of it.
struct UnitKindRow {
    std::size_t (*count)(const SweepPlan& plan);
    /// Null for a kind that leaves no artifacts.
    const ArtifactKey* (*key)(const SweepPlan& plan, std::size_t index);
    bool is_expensive;
    bool (*needs_device)(const SweepPlan& plan, std::size_t index);
    std::size_t (*most_forwards)(const SweepPlan& plan, std::size_t index);
    /// Adds the embed units that the unit reads.
    void (*add_embeds)(const SweepPlan& plan, std::size_t index, std::set<std::size_t>& embeds);
    std::string (*text)(const SweepPlan& plan, std::size_t index);
    WorkEstimate (*work)(const SweepPlan& plan, std::size_t index);
};

[[nodiscard]] const UnitKindRow& row_of(UnitKind kind);

/// Of the copies that a match unit makes itself, at most.
[[nodiscard]] ForwardWork forward_work(const SweepPlan& plan, const MatchUnit& unit);

/// Of the matrix products of a detector that compares each patch with all of its references, in one
/// layer.
[[nodiscard]] double detect_flops(const SweepPlan& plan, const DetectUnit& unit);

// Work of units, without their seconds.
[[nodiscard]] WorkEstimate work_of(const SweepPlan& plan, const AlignUnit& unit);
[[nodiscard]] WorkEstimate work_of(const SweepPlan& plan, const EmbedUnit& unit);
[[nodiscard]] WorkEstimate work_of(const SweepPlan& plan, const MatchUnit& unit);
[[nodiscard]] WorkEstimate work_of(const SweepPlan& plan, const FitUnit& unit);
[[nodiscard]] WorkEstimate work_of(const SweepPlan& plan, const DetectUnit& unit);
[[nodiscard]] WorkEstimate work_of(const SweepPlan& plan, const EvaluateUnit& unit);

}  // namespace patchead::inline plan_detail
