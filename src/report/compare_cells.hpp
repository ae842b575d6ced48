#pragma once

#include "cells.hpp"
#include "patchead/report/comparison.hpp"

/// \file
/// \brief The difference of two cells. Private to the report layer.

namespace patchead {

/// Means over the seeds that both have; labels and metric are left empty. There is no difference of
/// means that leave out different values.
[[nodiscard]] Comparison compare_cells(SeedMeans one, SeedMeans other, Spread spread);

/// "The difference is <other> less <one>", and what interval and p are.
[[nodiscard]] std::vector<std::string> comparison_footnotes(
    const std::optional<BootstrapOptions>& options);

}  // namespace patchead
