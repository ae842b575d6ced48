#pragma once

#include <span>
#include <string>
#include <vector>

#include "datasets/file_facts.hpp"

/// \file
/// \brief From what files hold to sentences about what is odd, for `check` and for sweeps.

namespace patchead::inline data_detail {

struct FindingOptions {
    double truth_threshold = 0;  ///< With which the facts were read.
    bool empty_masks = true;     ///< Whether they are told here.
};

/// Sentences about `samples`, category by category, of which `facts` are known.
[[nodiscard]] std::vector<std::string> content_findings(std::span<const Sample> samples,
                                                        std::span<const FileFacts> facts,
                                                        const FindingOptions& options);

}  // namespace patchead::inline data_detail
