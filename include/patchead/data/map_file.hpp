#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Anomaly maps that other programs have written, one file an image.

namespace patchead {

/// Shape: `values[size.height, size.width]`, finite.
struct FloatMap {
    MapSize size;
    std::vector<float> values;
};

/// Whether a file is one by its name: `.npy`, `.npz`, `.tif`, `.tiff` or `.png`, in any case.
[[nodiscard]] bool is_map_name(const std::filesystem::path& file);

/// Whether its name is that of a picture or array of another kind, in which maps are not kept here:
/// a JPEG, a MATLAB or pickle file, ...
[[nodiscard]] bool is_other_map_name(const std::filesystem::path& file);

/// Reads one: an array of NumPy (floating-point numbers of 16, 32 or 64 bits, integers of 16 to 64,
/// in either byte order, by rows or by columns; beside the two sides only sides of 1), an archive
/// of one such array or of one that is called `map`, deflated or not, a TIFF of real numbers or of
/// integers of 16 or 32 bits, or a gray PNG of 16 bits. Numbers become float32.
///
/// What a file says of its size is checked before memory is taken for it. Throws DataError that
/// names the file and what to do if it is none of these, is damaged or larger than a map can be, if
/// it holds objects, truth values, colours, bytes or more than one map, or a number that is not
/// finite; UnreadableError if it cannot be read.
[[nodiscard]] FloatMap read_map(const std::filesystem::path& file);

}  // namespace patchead
