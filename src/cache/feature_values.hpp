#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "h5/checked_data.hpp"
#include "patchead/core/choices.hpp"

/// \file
/// \brief Data sets of floating point numbers, an image a slice, as the store keeps them. Private
/// to the cache layer; Failure as in h5.hpp.

namespace patchead::inline cache_detail {

/// Throws CacheError that names `path`, the image and the value if one of `values`, an equal share
/// of each of the images `ids`, is not finite or does not fit `type`.
void require_storable(std::span<const float> values, CacheType type,
                      std::span<const std::string> ids, const char* what,
                      const std::filesystem::path& path);

/// Writes such a data set in either type.
class ValueWriter {
  public:
    ValueWriter(hid_t parent, const std::string& name, CacheType type, const h5::Extent& shape);

    /// Of `images` images.
    void append(std::span<const float> values, std::size_t images);
    /// As that of SliceWriter.
    void finish() { writer_.finish(); }

  private:
    CacheType type_;
    h5::SliceWriter writer_;
};

/// Images `rows`, in that order, of a data set of either type with three axes.
[[nodiscard]] std::vector<float> read_values(const h5::SliceReader& reader,
                                             std::span<const std::size_t> rows);

/// The same of single precision, with `axes` axes.
[[nodiscard]] std::vector<float> read_singles(const h5::SliceReader& reader, std::size_t axes,
                                              std::span<const std::size_t> rows);

}  // namespace patchead::inline cache_detail
