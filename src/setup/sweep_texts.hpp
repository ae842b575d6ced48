#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/setup/sweep_inputs.hpp"

/// \file
/// \brief Texts that the detectors of a sweep need. Private to the setup layer.

namespace patchead::inline setup_detail {

using SentencesByClass = std::map<std::string, ClassSentences>;

/// Those about the categories of `samples` that `detectors` need, as `SweepSpec` has them; digests
/// of their prompt sets go to `facts`. Throws DataError about a prompt set.
[[nodiscard]] SentencesByClass sentences_about(const std::vector<Sample>& samples,
                                               const std::vector<PlannedDetector>& detectors,
                                               Provenance& facts);

/// Adds the text towers of all backbones that have one, with their vocabularies, and sentences
/// about all categories, if a detector of `request` compares images with sentences; else nothing.
/// Samples and backbones must be found already.
/// Throws WeightsError about a text tower or vocabulary, DataError about a prompt set.
void add_texts(const SweepRequest& request, SweepFindings& findings);

}  // namespace patchead::inline setup_detail
