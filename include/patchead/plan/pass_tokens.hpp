#pragma once

#include <cstddef>

#include "patchead/core/token_request.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Which tokens of layers and images the passes of a sweep give beside features.

namespace patchead {

/// What the options ask for of passes through a backbone.
/// Throws ConfigError that names it if it has no such layers, or none to cache, and for what tiles
/// do not give: a token of the image, and layers whose grid is not that of the embeddings.
[[nodiscard]] TokenRequest asked_tokens(const SweepSpec& spec, std::size_t backbone);

/// What a detector needs of passes through a backbone.
/// Throws ConfigError that names it if it has no such layers, or not in tiles.
[[nodiscard]] TokenRequest tokens_for(const SweepSpec& spec, std::size_t backbone,
                                      const PlannedNeeds& needs);

/// What a pass of `unit` stores: what is wanted of it, and what `--cache-layers` adds: layers in
/// the form that it names, else in those of the layers that are wanted, else in the options'. Of
/// copies that are copied from originals nothing more: what these lie in may hold no more.
[[nodiscard]] TokenRequest stored_tokens(const SweepSpec& spec, const EmbedUnit& unit);

}  // namespace patchead
