#pragma once

#include <span>
#include <string>

#include "patchead/core/numeric_stack.hpp"
#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/plan/units.hpp"

/// \file
/// \brief What this process computes with.

namespace patchead {

/// Where the networks of a sweep are, all on the same device; "cpu" if there is none.
[[nodiscard]] std::string device_of(std::span<const BackboneSource> sources);

/// `compute_facts`, and "gpu" if `device` is one.
[[nodiscard]] Facts facts_here(const std::string& device);

/// Whether the numbers of units of a kind depend on LibTorch and its BLAS: of all artifacts but
/// alignments, which no network takes part in.
[[nodiscard]] bool has_numeric_stack(UnitKind kind);

}  // namespace patchead
