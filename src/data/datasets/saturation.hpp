#pragma once

#include <filesystem>
#include <vector>

#include "patchead/data/dataset.hpp"

/// \file
/// \brief Saturation areas of types of defects, as MVTec LOCO AD and AutoVI state them.

namespace patchead::inline data_detail {

/// The areas of a `defects_config.json`: a list of {"defect_name", "pixel_value",
/// "saturation_threshold", "relative_saturation"}; ascending by level.
/// Throws DataError that names the file and what of it is not of that form.
[[nodiscard]] std::vector<Saturation> read_defects_config(const std::filesystem::path& file);

/// Gives the defective samples of `index` the areas of `<root>/<category>/defects_config.json`;
/// where there is no such file, a note says so.
void add_saturation(DatasetIndex& index);

}  // namespace patchead::inline data_detail
