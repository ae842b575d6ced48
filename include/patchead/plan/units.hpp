#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What all kinds of unit have in common: a name, an artifact, a description.

namespace patchead {

/// Kinds of unit, in the order in which a graph lists them.
enum class UnitKind { align, embed, match, fit, detect, leave_out, evaluate, picture };

/// One unit of a plan.
struct UnitRef {
    UnitKind kind = UnitKind::embed;
    std::size_t index = 0;  ///< In the plan's list of its kind (pictures: in `evaluates`).

    bool operator==(const UnitRef&) const = default;
};

/// One kind of unit.
struct UnitKindInfo {
    UnitKind kind;
    std::string_view name;
};
/// Every kind at its own place, in the order in which people read them.
inline constexpr auto kUnitKinds = std::to_array<UnitKindInfo>({{UnitKind::align, "align"},
                                                                {UnitKind::embed, "embed"},
                                                                {UnitKind::match, "match"},
                                                                {UnitKind::fit, "fit"},
                                                                {UnitKind::detect, "detect"},
                                                                {UnitKind::leave_out, "leave-out"},
                                                                {UnitKind::evaluate, "evaluate"},
                                                                {UnitKind::picture, "picture"}});

/// Place of `kind` in `kUnitKinds`.
[[nodiscard]] constexpr std::size_t place_of(UnitKind kind) {
    return static_cast<std::size_t>(kind);
}

/// Units of one kind in a plan.
[[nodiscard]] std::size_t count_of(const SweepPlan& plan, UnitKind kind);

/// The artifact of a unit; null for one that leaves none in the store.
[[nodiscard]] const ArtifactKey* key_of(const SweepPlan& plan, const UnitRef& unit);

/// Whether units of a kind leave artifacts in the store.
[[nodiscard]] bool is_stored(UnitKind kind);

/// Whether units of a kind need forward passes, matrix products or estimates of alignments, and not
/// only reductions of what is stored.
[[nodiscard]] bool is_expensive(UnitKind kind);

/// Whether a unit runs a network or matches, on the device of the sweep (a GPU, where it has one).
[[nodiscard]] bool needs_device(const SweepPlan& plan, const UnitRef& unit);

/// Forward passes of a unit, of images or of their tiles, at most: a copy whose transform is the
/// identity needs none.
[[nodiscard]] std::size_t most_forwards(const SweepPlan& plan, const UnitRef& unit);

/// Embed units whose artifacts a unit reads, ascending, each once.
[[nodiscard]] std::vector<std::size_t> embeds_read_by(const SweepPlan& plan, const UnitRef& unit);

/// References of a match unit that are prompts of a few-shot point, or versions of one.
[[nodiscard]] std::size_t prompts_among(const SweepPlan& plan, const EvaluateUnit& point,
                                        const MatchUnit& match);

/// What results call the setting of a point: "batch-zero-shot", "few-shot", kFullShot, kEachPrompt.
[[nodiscard]] std::string setting_name(const EvaluateUnit& unit);

/// For people: "embed mvtec/screw, patchead_tiny 448 px, 32 images".
[[nodiscard]] std::string label_of(const SweepPlan& plan, const UnitRef& unit);

}  // namespace patchead
