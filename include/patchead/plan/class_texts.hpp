#pragma once

#include <cstddef>
#include <string>

#include "patchead/plan/sweep_spec.hpp"
#include "patchead/plan/text_key.hpp"

/// \file
/// \brief Which sentences a detector compares images of a category with.

namespace patchead {

/// What sentences are called in `SweepSpec::sentences`: those of a prompt set about a category.
[[nodiscard]] std::string sentences_name(const std::string& prompts, const std::string& dataset,
                                         const std::string& category);

/// The sentences that `needs`, which wants some, are about, and the text tower of the backbone.
/// Throws ConfigError if it has none.
[[nodiscard]] PlannedTexts texts_for(const SweepSpec& spec, std::size_t backbone,
                                     const std::string& dataset, const std::string& category,
                                     const PlannedNeeds& needs);

/// Throws ConfigError that names `detector` and the backbone if this has no text tower or gives no
/// windows, and `needs` wants them.
void require_towers(const PlannedBackbone& backbone, const std::string& detector,
                    const PlannedNeeds& needs);

}  // namespace patchead
