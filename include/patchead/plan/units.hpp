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

/// One kind of unit.
struct UnitKindInfo {
    UnitKind kind;
    std::string_view name;
};
/// Every kind, in the order in which people read them.
inline constexpr auto kUnitKinds = std::to_array<UnitKindInfo>({{UnitKind::align, "align"},
                                                                {UnitKind::embed, "embed"},
                                                                {UnitKind::match, "match"},
                                                                {UnitKind::evaluate, "evaluate"},
                                                                {UnitKind::picture, "picture"}});

/// Place of `kind` in `kUnitKinds`.
[[nodiscard]] std::size_t place_of(UnitKind kind);

/// Images that a unit sends through a backbone, at most.
[[nodiscard]] std::size_t most_forwards(const SweepPlan& plan, const UnitRef& unit);

/// Units of one kind in a plan.
[[nodiscard]] std::size_t count_of(const SweepPlan& plan, UnitKind kind);

/// The artifact of a unit; null for one that leaves none in the store.
[[nodiscard]] const ArtifactKey* key_of(const SweepPlan& plan, const UnitRef& unit);

/// Which artifacts of a kind exist; null for one that leaves none in the store.
[[nodiscard]] std::vector<bool>* flags_of(StoreState& state, UnitKind kind);

/// Embed units whose artifacts a unit reads, ascending, each once.
[[nodiscard]] std::vector<std::size_t> embeds_read_by(const SweepPlan& plan, const UnitRef& unit);

/// For people: "embed mvtec/screw, patchead_tiny 448 px, 32 images".
[[nodiscard]] std::string label_of(const SweepSpec& spec, const SweepPlan& plan,
                                   const UnitRef& unit);

}  // namespace patchead
