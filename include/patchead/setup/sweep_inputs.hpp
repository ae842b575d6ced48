#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/core/codec.hpp"
#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief From what a user asks for to what a sweep starts from. Rank 0 finds it out once and tells
/// all ranks.

namespace patchead {

/// What had to be looked up.
struct SweepFindings {
    std::vector<Sample> samples{};
    std::vector<PlannedBackbone> backbones{};
    std::vector<BackboneSource> sources{};  ///< Of each backbone.
    std::vector<ExplicitPrompt> prompts{};
    std::map<std::string, ClassSentences> sentences{};  ///< As `SweepSpec` has them.
    Provenance provenance{};           ///< Of artifacts and results, without the config.
    std::vector<std::string> notes{};  ///< For the user, e.g. counts unlike the official ones.
};

/// Indexes the data sets, chooses prompts, reads the backbones' sizes, digests weights and images.
/// `facts`: of the program, for provenance. Throws ConfigError, DataError or WeightsError about
/// whatever is wrong before any work starts.
[[nodiscard]] SweepFindings find_inputs(const SweepRequest& request, const Resources& resources,
                                        const Provenance& facts);

/// The same of `samples`, which are there with digests and sizes, and without prompts to choose.
[[nodiscard]] SweepFindings find_inputs_of(std::vector<Sample> samples, const SweepRequest& request,
                                           const Resources& resources, const Provenance& facts);

/// What was found, with the points and the method of `request`.
[[nodiscard]] SweepInputs make_inputs(SweepFindings findings, const SweepRequest& request);

template <>
struct Codec<SweepFindings> {
    [[nodiscard]] static std::string encode(const SweepFindings& findings);
    /// Throws std::logic_error.
    [[nodiscard]] static SweepFindings decode(std::string_view text);
};

}  // namespace patchead
