#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/report/plain_table.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What a convention of evaluation is worth: the same maps, measured in several ways.

namespace patchead {

/// The results of the same maps with one convention other than in the base.
struct VariedResults {
    std::string convention;  ///< "mask resize".
    std::string value;       ///< "nearest".
    Results results;
};

struct ConventionResults {
    Results base;
    std::map<std::string, std::string> base_values;  ///< By convention.
    std::vector<VariedResults> varied;               ///< Those of one convention beside each other.
};

/// For every data set `swing_<dataset>` and `order_<dataset>`; of several data sets also
/// `swing_all` and `order_all`, of the unweighted mean over them.
///
/// A method is a row of the summary tables: backbone, size, setting, shots, modules and detector.
/// `swing`: for each convention and metric that it moves, the lowest, the base's and the highest
/// mean over methods; the largest swing of one method; the spread over seeds; and of how many pairs
/// of methods with the same setting and shots the order is another under some value. `order`: each
/// such pair and value. Beside the conventions that were varied, metrics of the base whose names
/// begin with "PRO@" or "pro:" are read as other ways to compute AUPRO. A method that lacks a value
/// is left out, and told. Throws DataError if a point is there twice.
[[nodiscard]] std::vector<PlainTable> make_swing_tables(const ConventionResults& results,
                                                        Spread spread = Spread::population);

}  // namespace patchead
