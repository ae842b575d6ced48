#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "h5/h5.hpp"

/// \file
/// \brief Data sets and headers that carry checksums of their own. Private to the cache layer.
///
/// The attribute `crc32c` of a data set holds the CRC-32C of its bytes: one value for each slice
/// along the first axis, so that reading a few slices verifies just those; one for all if the data
/// set has one axis only. On the root group it covers the text attributes. HDF5's own metadata,
/// the attribute included, has checksums in HDF5.

namespace patchead::h5 {

/// Writes a data set slice by slice.
class SliceWriter {
  public:
    SliceWriter(hid_t parent, const std::string& name, const Type& type, const Extent& shape);

    void append(std::span<const std::byte> slice);
    /// Writes the checksums. Requires that all slices are there.
    void finish();

  private:
    DatasetId data_;
    Type type_;
    Extent shape_;
    std::vector<std::uint32_t> checksums_;
};

/// Reads and verifies slices of a data set.
class SliceReader {
  public:
    explicit SliceReader(DatasetId data);

    [[nodiscard]] const Extent& shape() const { return shape_; }
    [[nodiscard]] const Type& type() const { return type_; }
    [[nodiscard]] std::size_t slices() const;
    [[nodiscard]] std::size_t slice_bytes() const;
    [[nodiscard]] bool has_checksums() const { return !checksums_.empty(); }

    /// Throws Failure unless element type and number of axes are these.
    void require_form(const Type& type, std::size_t axes) const;
    /// Requires `to` of `slice_bytes()`. Throws Failure if the checksum does not match.
    void read(std::size_t slice, std::span<std::byte> to) const;
    /// Gives a slice to `take` in pieces of whole elements, each still in the cache of the CPU.
    /// Throws Failure after the last piece if the checksum does not match: then all were wrong.
    void stream(std::size_t slice,
                const std::function<void(std::span<const std::byte>)>& take) const;

  private:
    /// Some of a slice, along the second axis.
    struct Piece {
        hsize_t first, rows;
        std::size_t offset, bytes;
    };
    /// Reads a slice piece by piece, each to where `place` says, and gives it to `take`; verifies.
    template <class Place, class Take>
    void for_each_piece(std::size_t slice, Place place, Take take) const;
    /// All of a slice; one piece if there is no second axis.
    [[nodiscard]] std::vector<Piece> pieces() const;
    void read_piece(std::size_t slice, const Piece& piece, std::span<std::byte> to) const;
    void require_checksum(std::size_t slice, std::uint32_t crc) const;

    DatasetId data_;
    Type type_;
    Extent shape_;
    std::vector<std::uint32_t> checksums_;
};

template <class T>
void write_array(hid_t parent, const std::string& name, const Extent& shape,
                 std::span<const T> values) {
    SliceWriter writer(parent, name, type_of<T>(), shape);
    const auto slices = shape.size() == 1 ? 1 : static_cast<std::size_t>(shape.front());
    const auto size = slices == 0 ? 0 : values.size() / slices;
    for (std::size_t i = 0; i < slices; ++i) {
        writer.append(std::as_bytes(values.subspan(i * size, size)));
    }
    writer.finish();
}

template <class T>
struct Array {
    Extent shape;
    std::vector<T> values;
};

template <class T>
Array<T> read_array(hid_t parent, const std::string& name, std::size_t axes) {
    const SliceReader reader(open_dataset(parent, name));
    reader.require_form(type_of<T>(), axes);
    const auto size = reader.slice_bytes() / sizeof(T);
    Array<T> array{reader.shape(), std::vector<T>(reader.slices() * size)};
    for (std::size_t i = 0; i < reader.slices(); ++i) {
        reader.read(i, std::as_writable_bytes(std::span(array.values).subspan(i * size, size)));
    }
    return array;
}

/// One axis of fixed-length UTF-8 texts. Throws Failure if a text has a zero byte in it.
void write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& texts);
[[nodiscard]] std::vector<std::string> read_texts(hid_t parent, const std::string& name);

/// Begins a file: its format ("patchead ..."), the version of that format, and `texts`, all as
/// attributes of the root group. Throws Failure if a text has a zero byte or a name is taken.
void write_header(hid_t root, const std::string& format, std::int32_t schema,
                  const std::map<std::string, std::string>& texts);
/// Ends a file: marks it complete.
void seal(hid_t root);

/// What kind of file of ours it is; nothing if it is some other HDF5 file.
[[nodiscard]] std::optional<std::string> format_of(hid_t root);
/// The texts of a complete file. Throws Failure if format, schema or checksum differ.
[[nodiscard]] std::map<std::string, std::string> read_header(hid_t root, const std::string& format,
                                                             std::int32_t schema);

}  // namespace patchead::h5
