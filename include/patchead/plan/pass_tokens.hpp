#pragma once

#include <cstddef>

#include "patchead/core/token_request.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Which tokens of layers and images the passes of a sweep give beside features.

namespace patchead {

/// What the options ask for of passes through a backbone.
/// Throws ConfigError that names it if it has no such layers, or none to cache, or if an image has
/// no token: in tiles.
[[nodiscard]] TokenRequest asked_tokens(const SweepSpec& spec, std::size_t backbone);

/// What a detector needs of passes through `backbone`.
/// Throws ConfigError that names it if it has no such layers.
[[nodiscard]] TokenRequest tokens_for(const PlannedNeeds& needs, const PlannedBackbone& backbone);

/// What a pass of `unit` stores: what is wanted of it, and what `--cache-layers` adds. Of copies
/// that are copied from originals nothing more: what these lie in may hold no more.
[[nodiscard]] TokenRequest stored_tokens(const SweepSpec& spec, const EmbedUnit& unit);

}  // namespace patchead
