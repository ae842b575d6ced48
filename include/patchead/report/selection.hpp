#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/report/plain_table.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Options chosen without a look at what they are tried on.

namespace patchead {

/// What is held out while a choice is made on the others.
enum class HeldOut { dataset, category };

/// One choice of options and what it gave.
struct ChoiceResults {
    std::string name;  ///< "rho=0.01, kp=0.3".
    Results results;
};

struct SelectionInputs {
    std::vector<ChoiceResults> choices;  ///< At least one, in the order in which ties are broken.
    Results defaults;                    ///< Of the options as they were given, without choosing.
    HeldOut held_out = HeldOut::dataset;
    std::string metric{kResampledMetric};  ///< By which is chosen, and which is told.
};

/// `selection_dataset` or `selection_category`: for each method (a row of the summary tables) and
/// each held-out part the choice whose unweighted mean of the metric over the other parts is
/// highest (the first of several), what it gives on the part, the choice that is highest there, the
/// difference (the optimism of choosing on the test set) and what the defaults give; then the mean.
/// A part is a data set (its mean over categories) or a category, of whatever data set; each the
/// mean over seeds. A part where a choice has no value is left out of the method, and told; so is a
/// method that no choice moves.
///
/// Throws ConfigError if the results have not the metric, or nothing has two parts.
[[nodiscard]] PlainTable make_selection(const SelectionInputs& inputs,
                                        Spread spread = Spread::population);

}  // namespace patchead
