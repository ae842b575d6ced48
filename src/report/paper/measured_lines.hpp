#pragma once

#include "paper/definition.hpp"
#include "paper/measure.hpp"
#include "patchead/report/paper_tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Methods that the paper quotes, measured by detectors of their name. Private to the report
/// layer.

namespace patchead::inline report_detail {

/// `block` with lines below each quoted row: of the detector that is the method, one for each
/// backbone of the block with which the results have it.
[[nodiscard]] PaperBlock with_measured_lines(PaperBlock block, const PaperMeasure& measure);

/// Says below `table` what these lines are, if it has any.
void add_measured_notes(PaperTable& table, const PaperMeasure& measure, const Results& results);

}  // namespace patchead::inline report_detail
