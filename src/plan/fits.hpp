#pragma once

#include "categories.hpp"
#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief Can these images go through this network at this size? Private to the plan layer.

namespace patchead::inline plan_detail {

/// Throws ConfigError if `side_px` or a tile is no multiple of the backbone's patch, the backbone
/// takes images of one size and would get others, or an image of the category has no whole patch.
void require_fits(const SweepSpec& spec, const Category& category, const PlannedBackbone& backbone,
                  int side_px);

/// Throws ConfigError unless an image of the category turned as it is squashed is the image turned:
/// images are compared as squares, whatever a network sees of them.
void require_alignable(const SweepSpec& spec, const Category& category);

}  // namespace patchead::inline plan_detail
