#pragma once

#include <string>
#include <vector>

#include "patchead/pipeline/worker.hpp"
#include "sweep_options.hpp"

/// \file
/// \brief What rank 0 finds out once and tells all ranks: samples, digests, backbones.

namespace patchead {

struct SweepInputs {
    SweepSpec spec;
    std::vector<BackboneSource> sources;
    Provenance provenance;           ///< Of artifacts and results.
    std::vector<std::string> notes;  ///< For the user, e.g. counts unlike the official ones.
};

/// Indexes the data sets, chooses prompts, reads the backbones' sizes, digests weights and images.
/// Throws ConfigError, DataError or WeightsError about whatever is wrong before any work starts.
[[nodiscard]] SweepInputs find_inputs(const SweepOptions& options);

/// The same inputs with the method of `options`.
[[nodiscard]] SweepInputs with_method(SweepInputs inputs, const SweepOptions& options);

/// As text for other ranks, and back (the method comes from their own options).
[[nodiscard]] std::string to_text(const SweepInputs& inputs);
[[nodiscard]] SweepInputs inputs_from_text(const std::string& text, const SweepOptions& options);

}  // namespace patchead
