#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief Arrays as numpy.save writes them.

namespace patchead {

/// What an array says of itself.
struct NpyHeader {
    std::string type;                 ///< As NumPy writes it: "<f4", "|u1".
    bool by_columns = false;          ///< Fortran order.
    std::vector<std::int64_t> shape;  ///< Empty: a single number.
    std::size_t begin = 0;            ///< Where its numbers begin.
    /// What is wrong with it, as "the header of 'a.npy' has 9 bytes"; empty if nothing is, and only
    /// then do the others count. Sides are not looked at, nor whether all numbers are there.
    std::string fault;
};

/// Reads the header of the array `bytes`, called `name` in its fault, or of their beginning.
/// Nothing is executed: arrays of objects have the type "|O".
/// Source: NumPy, numpy.lib.format, versions 1.0 to 3.0.
[[nodiscard]] NpyHeader npy_header(std::string_view bytes, const std::string& name);

/// Bytes of a number of a type that can be read as float: integers, and floating-point numbers of
/// 16, 32 and 64 bits, in either byte order; nothing for any other.
[[nodiscard]] std::optional<std::size_t> npy_number_bytes(std::string_view type);

/// Numbers of such a type as float, rounded to the nearest. `bytes` holds a whole number of them.
[[nodiscard]] std::vector<float> npy_floats(std::string_view bytes, std::string_view type);

/// The product of `shape`; nothing if a side is negative or it overflows.
[[nodiscard]] std::optional<std::int64_t> npy_count(std::span<const std::int64_t> shape);

/// An array of float32, row by row, as numpy.save writes it. `values` holds `npy_count(shape)`.
[[nodiscard]] std::string npy_text(std::span<const float> values,
                                   std::span<const std::int64_t> shape);

}  // namespace patchead
