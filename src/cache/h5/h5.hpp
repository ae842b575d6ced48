#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdf5.h>

#include "h5/half.hpp"

/// \file
/// \brief HDF5's C interface with owners for its identifiers and every call checked. Private.

namespace patchead::h5 {

/// HDF5 refused what is in a file, or what was to be written. Knows no path: who knows it makes it
/// a CacheError.
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws Failure: `what` and the innermost reason on HDF5's own error stack; SystemFailure if that
/// is a lack of memory.
[[noreturn]] void fail(std::string_view what);

/// Throws Failure, with `what` in it, if `status` is HDF5's way to say no.
inline void check(herr_t status, std::string_view what) {
    if (status < 0) { fail(what); }
}

/// Stops HDF5 from printing errors (that are thrown) in this thread.
void be_quiet();

/// Sole owner of one HDF5 identifier. The closing function is part of the type, so a data set
/// cannot be handed over where a file is wanted.
template <herr_t (*Close)(hid_t)>
class Handle {
  public:
    /// Takes over `id`. Throws Failure, with `what` in it, if HDF5 failed to give one.
    Handle(hid_t id, std::string_view what) : id_(id) {
        if (id_ < 0) { fail(what); }
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(id_, other.id_);
        return *this;
    }
    ~Handle() {
        if (id_ >= 0) { Close(id_); }
    }

    [[nodiscard]] hid_t id() const { return id_; }

  private:
    hid_t id_;
};

using File = Handle<H5Fclose>;
using Group = Handle<H5Gclose>;
using ObjectId = Handle<H5Oclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using DatasetId = Handle<H5Dclose>;
using Attribute = Handle<H5Aclose>;
using Properties = Handle<H5Pclose>;

using Extent = std::vector<hsize_t>;

/// "160 x 784 x 192".
[[nodiscard]] std::string shape_text(const Extent& shape);

/// Type in the file of the elements that C++ calls `T`; the same in memory, so that HDF5 has
/// nothing to convert.
template <class T>
[[nodiscard]] Type type_of();
template <>
Type type_of<Half>();
template <>
Type type_of<float>();
template <>
Type type_of<double>();
template <>
Type type_of<std::int64_t>();
template <>
Type type_of<std::uint8_t>();
/// Text of `size` bytes, UTF-8, padded with zero bytes.
[[nodiscard]] Type text_type(std::size_t size);
/// "float16", "int64", "text", ...: NumPy's name where it has one.
[[nodiscard]] std::string type_name(hid_t type);

/// Group `name`, without time stamps.
[[nodiscard]] Group create_group(hid_t parent, const std::string& name);
/// Contiguous, its place in the file fixed at once and not filled, without time stamps.
[[nodiscard]] DatasetId create_dataset(hid_t parent, const std::string& name, const Type& type,
                                       const Extent& shape);
[[nodiscard]] DatasetId open_dataset(hid_t parent, const std::string& name);
[[nodiscard]] Extent shape_of(const DatasetId& data);
[[nodiscard]] bool has_link(hid_t parent, const std::string& name);
/// Names in a group, in bytewise order.
[[nodiscard]] std::vector<std::string> link_names(hid_t group);
/// Paths of everything below a group, in bytewise order.
[[nodiscard]] std::vector<std::string> all_names(hid_t group);

/// Of fixed length: HDF5 keeps texts of variable length in a heap without checksum, and reading
/// one through a damaged reference never ends (1.10.8, seen).
void write_attribute(hid_t object, const std::string& name, std::string_view text);
void write_attribute(hid_t object, const std::string& name, std::int32_t number);
void write_attribute(hid_t object, const std::string& name, std::span<const std::uint32_t> numbers);
[[nodiscard]] bool has_attribute(hid_t object, const std::string& name);
[[nodiscard]] std::int32_t read_number(hid_t object, const std::string& name);
[[nodiscard]] std::vector<std::uint32_t> read_numbers(hid_t object, const std::string& name);
/// All attributes of `object` that are one text of fixed length each.
[[nodiscard]] std::map<std::string, std::string> read_texts(hid_t object);

}  // namespace patchead::h5
