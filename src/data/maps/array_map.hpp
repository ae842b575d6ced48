#pragma once

#include <string>
#include <string_view>

#include "patchead/data/map_file.hpp"

/// \file
/// \brief Maps as NumPy writes arrays. Private to the data layer.

namespace patchead::inline data_detail {

/// Of a `.npy` file. Numbers need not be finite. Throws DataError that names `name`.
[[nodiscard]] FloatMap map_of_npy(std::string_view bytes, const std::string& name);

/// Of a `.npz` file.
[[nodiscard]] FloatMap map_of_npz(std::string_view bytes, const std::string& name);

}  // namespace patchead::inline data_detail
