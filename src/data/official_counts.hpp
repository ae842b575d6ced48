#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief How many images a published data set has, to notice when some are missing.

namespace patchead {

/// Images of one category as published. `category` is the folder's name.
struct OfficialCount {
    std::string_view category;
    int train = 0;
    int test_good = 0;
    int test_anomalous = 0;
};

/// One sentence for each category of `samples` whose counts are not the `official` ones or that is
/// not among them. No sentence if `official` is empty: nothing is known then.
[[nodiscard]] std::vector<std::string> count_notes(std::span<const OfficialCount> official,
                                                   std::span<const Sample> samples);

/// One sentence if categories of `official` are not in `present`; none otherwise.
[[nodiscard]] std::vector<std::string> missing_categories(std::span<const OfficialCount> official,
                                                          std::span<const std::string> present);

}  // namespace patchead
