#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief The list of samples as text: what one rank tells the others, and what a person can read.

namespace patchead {

/// The samples as tab-separated text: a header line, then one line per sample, in the given order.
///
/// Columns: `id dataset category split defect_type label image mask y0 y1 digest`; label is 0 or 1,
/// y0 and y1 are empty without crop rows. `samples_from_tsv` gives back exactly the same samples.
/// Throws DataError if a field holds a tab or a line break, and names the field.
[[nodiscard]] std::string to_tsv(std::span<const Sample> samples);

/// The samples of a text made by `to_tsv`. Throws DataError that names the line if the header, the
/// number of fields, a number or the last line break is not as it should be.
[[nodiscard]] std::vector<Sample> samples_from_tsv(std::string_view text);

}  // namespace patchead
