#include "h5/checked_data.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <memory>
#include <numeric>

#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/stages.hpp"

namespace patchead::h5 {
namespace {

static_assert(std::endian::native == std::endian::little,
              "elements are stored as they lie in memory, and the file says little-endian");

constexpr auto kChecksum = "crc32c";
constexpr auto kReserved = {"format", "schema", "complete", kChecksum};

std::size_t slices_of(const Extent& shape) {
    return shape.size() <= 1 ? 1 : static_cast<std::size_t>(shape.front());
}

std::size_t slice_elements(const Extent& shape) {
    const auto from = shape.begin() + (shape.size() <= 1 ? 0 : 1);
    return static_cast<std::size_t>(
        std::accumulate(from, shape.end(), hsize_t{1}, std::multiplies<>()));
}

/// Whether all elements fit into the file that they are said to lie in, as they do in those that
/// this program writes. Asked before memory is taken for them.
bool can_be_there(const DatasetId& data, const Type& type, const Extent& shape) {
    auto bytes = static_cast<hsize_t>(H5Tget_size(type.id()));
    for (const auto side : shape) {
        if (side == 0) { return true; }
        if (__builtin_mul_overflow(bytes, side, &bytes)) { return false; }
    }
    const File file(H5Iget_file_id(data.id()), "file");
    hsize_t size = 0;
    check(H5Fget_filesize(file.id(), &size), "size of the file");
    return bytes <= size;
}

Type copy(const Type& type) { return {H5Tcopy(type.id()), "type"}; }

/// Selects slice `index` in the file, or the `rows` rows from `first` of it.
Space slice_space(const DatasetId& data, const Extent& shape, std::size_t index, hsize_t first = 0,
                  hsize_t rows = H5S_UNLIMITED) {
    Space space(H5Dget_space(data.id()), "space");
    if (shape.size() <= 1) { return space; }
    Extent start(shape.size(), 0);
    Extent count = shape;
    start[0] = index;
    count[0] = 1;
    start[1] = first;
    count[1] = std::min(rows, shape[1]);
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                              nullptr),
          "slice");
    return space;
}

Space memory_space(hsize_t elements) { return {H5Screate_simple(1, &elements, nullptr), "space"}; }

std::string name_of(const DatasetId& data) {
    std::string name(255, '\0');
    const auto size = H5Iget_name(data.id(), name.data(), name.size() + 1);
    name.resize(static_cast<std::size_t>(std::clamp<ssize_t>(size, 0, 255)));
    return name;
}

std::uint32_t checksum_of(const std::map<std::string, std::string>& texts) {
    std::uint32_t crc = 0;
    // With the closing zero bytes, so that no letter can move from a name to its text.
    const auto add = [&](const std::string& text) {
        crc = crc32c(std::as_bytes(std::span(text.c_str(), text.size() + 1)), crc);
    };
    for (const auto& [name, text] : texts) {
        add(name);
        add(text);
    }
    return crc;
}

void require_no_zero_byte(const std::string& text) {
    if (text.find('\0') != std::string::npos) { throw Failure("a text has a zero byte in it"); }
}

}  // namespace

SliceWriter::SliceWriter(hid_t parent, const std::string& name, const Type& type,
                         const Extent& shape)
    : data_(create_dataset(parent, name, type, shape)), type_(copy(type)), shape_(shape) {}

void SliceWriter::append(std::span<const std::byte> slice) {
    PATCHEAD_ASSERT(slice.size() == slice_elements(shape_) * H5Tget_size(type_.id()));
    if (!slice.empty()) {
        const auto file = slice_space(data_, shape_, checksums_.size());
        check(H5Dwrite(data_.id(), type_.id(), memory_space(slice_elements(shape_)).id(), file.id(),
                       H5P_DEFAULT, slice.data()),
              name_of(data_));
    }
    checksums_.push_back(crc32c(slice));
    count_work(Stage::write, {0, 0, static_cast<double>(slice.size())});
}

void SliceWriter::finish() {
    PATCHEAD_ASSERT(checksums_.size() == slices_of(shape_));
    // HDF5 writes no attribute of no values.
    if (!checksums_.empty()) { write_attribute(data_.id(), kChecksum, checksums_); }
}

SliceReader::SliceReader(DatasetId data)
    : data_(std::move(data)),
      type_(H5Dget_type(data_.id()), "type"),
      shape_(shape_of(data_)),
      checksums_(has_attribute(data_.id(), kChecksum) ? read_numbers(data_.id(), kChecksum)
                                                      : std::vector<std::uint32_t>()) {
    if (has_checksums() && !can_be_there(data_, type_, shape_)) {
        throw Failure(concat("data set ", name_of(data_), " is said to hold ", shape_text(shape_),
                             " elements, and the file is smaller than that"));
    }
}

std::size_t SliceReader::slices() const { return slices_of(shape_); }

std::size_t SliceReader::slice_bytes() const {
    return slice_elements(shape_) * H5Tget_size(type_.id());
}

void SliceReader::require_form(const Type& type, std::size_t axes) const {
    if (H5Tequal(type_.id(), type.id()) <= 0 || shape_.size() != axes) {
        throw Failure(concat("data set ", name_of(data_), " is ", type_name(type_.id()), " [",
                             shape_text(shape_), "], not ", type_name(type.id()), " with ", axes,
                             " axes"));
    }
    if (checksums_.size() != slices()) {
        throw Failure(concat("data set ", name_of(data_), " has ", checksums_.size(),
                             " checksums for ", slices(), " slices"));
    }
}

std::vector<SliceReader::Piece> SliceReader::pieces() const {
    constexpr std::size_t kPiece = std::size_t{1} << 19;  // Stays in a second-level cache.
    const auto all = slice_bytes();
    if (all == 0) { return {}; }
    if (shape_.size() <= 1) { return {{0, 1, 0, all}}; }
    const auto row_bytes = all / shape_[1];
    const auto step = std::max<hsize_t>(1, kPiece / row_bytes);
    std::vector<Piece> pieces;
    for (hsize_t first = 0; first < shape_[1]; first += step) {
        const auto rows = std::min(step, shape_[1] - first);
        pieces.push_back({first, rows, first * row_bytes, rows * row_bytes});
    }
    return pieces;
}

void SliceReader::read_piece(std::size_t slice, const Piece& piece, std::span<std::byte> to) const {
    const auto file = slice_space(data_, shape_, slice, piece.first, piece.rows);
    const auto memory = memory_space(piece.bytes / H5Tget_size(type_.id()));
    check(H5Dread(data_.id(), type_.id(), memory.id(), file.id(), H5P_DEFAULT, to.data()),
          name_of(data_));
    count_work(Stage::read, {0, 0, static_cast<double>(to.size())});
}

template <class Place, class Take>
void SliceReader::for_each_piece(std::size_t slice, Place place, Take take) const {
    std::uint32_t crc = 0;
    for (const auto& piece : pieces()) {
        const std::span<std::byte> part = place(piece);
        read_piece(slice, piece, part);
        crc = crc32c(part, crc);
        take(part);
    }
    require_checksum(slice, crc);
}

void SliceReader::read(std::size_t slice, std::span<std::byte> to) const {
    PATCHEAD_ASSERT(to.size() == slice_bytes());
    for_each_piece(
        slice, [&](const Piece& piece) { return to.subspan(piece.offset, piece.bytes); },
        [](std::span<const std::byte>) {});
}

void SliceReader::stream(std::size_t slice,
                         const std::function<void(std::span<const std::byte>)>& take) const {
    std::unique_ptr<std::byte[]> buffer;  // The first piece is the largest.
    const auto in_buffer = [&](const Piece& piece) {
        if (!buffer) { buffer = std::make_unique_for_overwrite<std::byte[]>(piece.bytes); }
        return std::span(buffer.get(), piece.bytes);
    };
    for_each_piece(slice, in_buffer, take);
}

void SliceReader::require_checksum(std::size_t slice, std::uint32_t crc) const {
    if (slice >= checksums_.size() || crc != checksums_[slice]) {
        throw Failure(concat("data set ", name_of(data_), " is damaged: the checksum of slice ",
                             slice, " does not match"));
    }
}

void write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& texts) {
    std::size_t width = 1;  // HDF5 has no text of size 0.
    for (const auto& text : texts) {
        require_no_zero_byte(text);
        width = std::max(width, text.size());
    }
    std::vector<char> packed(texts.size() * width, '\0');
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::ranges::copy(texts[i], packed.begin() + static_cast<std::ptrdiff_t>(i * width));
    }
    SliceWriter writer(parent, name, text_type(width), {texts.size()});
    writer.append(std::as_bytes(std::span(packed)));
    writer.finish();
}

std::vector<std::string> read_texts(hid_t parent, const std::string& name) {
    const SliceReader reader(open_dataset(parent, name));
    const auto width = H5Tget_size(reader.type().id());
    reader.require_form(text_type(width), 1);
    std::vector<char> packed(reader.slice_bytes());
    reader.read(0, std::as_writable_bytes(std::span(packed)));
    std::vector<std::string> texts;
    for (std::size_t at = 0; at < packed.size(); at += width) {
        const std::string_view padded(packed.data() + at, width);
        texts.emplace_back(padded.substr(0, padded.find('\0')));
    }
    return texts;
}

void write_header(hid_t root, const std::string& format, std::int32_t schema,
                  const std::map<std::string, std::string>& texts) {
    for (const auto& [name, text] : texts) {
        require_no_zero_byte(name);
        require_no_zero_byte(text);
        if (name.empty() || std::ranges::find(kReserved, name) != kReserved.end()) {
            throw Failure(concat("an attribute cannot be called '", name, "'"));
        }
    }
    write_attribute(root, "format", format);
    write_attribute(root, "schema", schema);
    for (const auto& [name, text] : texts) { write_attribute(root, name, text); }
    write_attribute(root, kChecksum, std::vector{checksum_of(texts)});
}

void seal(hid_t root) { write_attribute(root, "complete", 1); }

std::optional<std::string> format_of(hid_t root) {
    const auto texts = read_texts(root);
    const auto format = texts.find("format");
    const bool ours = format != texts.end() && format->second.starts_with("patchead");
    return ours ? std::optional(format->second) : std::nullopt;
}

std::map<std::string, std::string> read_header(hid_t root, const std::string& format,
                                               std::int32_t schema) {
    auto texts = read_texts(root);
    const auto found = texts.extract("format");
    if (found.empty() || found.mapped() != format) {
        throw Failure(concat("its format is '", found.empty() ? "" : found.mapped(), "', not '",
                             format, "'"));
    }
    if (const auto version = read_number(root, "schema"); version != schema) {
        throw Failure(concat("its schema is ", version, ", this program's is ", schema));
    }
    if (!has_attribute(root, "complete") || read_number(root, "complete") != 1) {
        throw Failure("it was never completed");
    }
    if (read_numbers(root, kChecksum) != std::vector{checksum_of(texts)}) {
        throw Failure("its attributes are damaged: their checksum does not match");
    }
    return texts;
}

}  // namespace patchead::h5
