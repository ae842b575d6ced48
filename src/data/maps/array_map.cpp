#include "maps/array_map.hpp"

#include <algorithm>
#include <vector>

#include "maps/map_bytes.hpp"
#include "patchead/core/gzip.hpp"
#include "patchead/core/npy.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/core/zip_directory.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr const char* kAsFloat = "); save the map as float32, e.g. with map.astype('float32')";

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const auto side : shape) { text += concat(text.empty() ? "" : " x ", side); }
    return text.empty() ? "no sides" : text;
}

/// What a type that is no plain number holds, and why that is no map; empty for a plain number.
std::string other_kind(std::string_view type) {
    if (type.size() < 2) { return "numbers of an unknown type"; }
    switch (type[1]) {
        case 'O':
            return "Python objects, which are pickled and never read here";
        case 'b':
            return "true and false, which is a decision and no score";
        case 'c':
            return "complex numbers";
        case 'S':
        case 'U':
            return "texts";
        default:
            break;
    }
    if (type.ends_with("u1") || type.ends_with("i1")) {
        return "numbers of 8 bits, of which most pixels would be equal";
    }
    return npy_number_bytes(type) ? "" : "numbers of a type that is not read here";
}

/// Leading and trailing sides of 1 are what frameworks leave of batches and channels.
std::vector<std::int64_t> without_ones(std::vector<std::int64_t> shape) {
    while (shape.size() > 2 && shape.front() == 1) { shape.erase(shape.begin()); }
    while (shape.size() > 2 && shape.back() == 1) { shape.pop_back(); }
    return shape;
}

MapSize size_of(const NpyHeader& header, const std::string& name) {
    const auto shape = without_ones(header.shape);
    const bool is_coloured = shape.size() == 3 && (shape.front() == 3 || shape.back() == 3);
    require_map(!is_coloured, name, "has three channels (its shape is ", shape_text(header.shape),
                ": a picture?); save the scores that it was drawn from");
    require_map(shape.size() != 3, name, "holds several maps (its shape is ",
                shape_text(header.shape), "); save one file for each image");
    require_map(shape.size() == 2, name, "is no map (its shape is ", shape_text(header.shape),
                ", and a map has height and width); save one file for each image");
    const auto count = npy_count(shape);
    require_map(count && *count > 0, name, "is empty (its shape is ", shape_text(header.shape),
                "); save height x width numbers");
    require_map(*count <= kMostMapPixels, name, "is too large (its shape is ",
                shape_text(header.shape), "); a map has at most ", kMostMapPixels, " pixels");
    return {static_cast<int>(shape[0]), static_cast<int>(shape[1])};
}

std::vector<float> by_rows(const std::vector<float>& by_columns, MapSize size) {
    std::vector<float> values(by_columns.size());
    const auto rows = static_cast<std::size_t>(size.height);
    const auto cols = static_cast<std::size_t>(size.width);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t col = 0; col < cols; ++col) {
            values[row * cols + col] = by_columns[col * rows + row];
        }
    }
    return values;
}

/// The array of an archive that is the map.
ZipEntry find_map_entry(const MapBytes& file, const std::string& name) {
    constexpr std::string_view ending = ".npy";
    std::vector<ZipEntry> arrays;
    std::string names;
    for_each_zip_entry(file, [&](const ZipEntry& entry) {
        if (!entry.name.ends_with(ending)) { return; }
        arrays.push_back(entry);
        const auto shown = entry.name.substr(0, entry.name.size() - ending.size());
        if (arrays.size() <= 5) { names += (names.empty() ? "" : ", ") + escaped_name(shown); }
    });
    require_map(!arrays.empty(), name,
                "holds no array (it is an archive of other things); save it ",
                "with numpy.savez(FILE, map=MAP)");
    if (arrays.size() == 1) { return arrays.front(); }
    const auto found = std::ranges::find(arrays, "map.npy", &ZipEntry::name);
    require_map(found != arrays.end(), name, "holds ", arrays.size(), " arrays (", names,
                arrays.size() > 5 ? ", ..." : "",
                "), none of which is called 'map'; save one, or name it 'map'");
    return *found;
}

/// What the header of an array says of a map. Throws DataError if it is none.
struct MapArray {
    NpyHeader header;
    MapSize size;
    std::size_t bytes = 0;  ///< Of its numbers.
};

MapArray array_of(std::string_view bytes, const std::string& name) {
    const auto header = npy_header(bytes, name);
    require_map(header.fault.empty(), name, "cannot be read (", header.fault,
                "); write it with numpy.save, or copy it again");
    const auto other = other_kind(header.type);
    require_map(other.empty(), name, "holds ", other, " (its type is '", escaped_name(header.type),
                "'", kAsFloat);
    const auto size = size_of(header, name);
    return {header, size, size.area() * *npy_number_bytes(header.type)};
}

void require_numbers(std::uint64_t bytes, const MapArray& array, const std::string& name) {
    require_map(bytes == array.bytes, name, "is damaged (", bytes, " bytes follow its header, and ",
                array.size.height, " x ", array.size.width, " numbers have ", array.bytes,
                "); write or copy it again");
}

/// The beginning of what is deflated tells the rest: memory is taken only for a map that is whole.
void require_truthful(std::string_view packed, const ZipEntry& entry, const std::string& name) {
    constexpr std::size_t longest_header = std::size_t{1} << 17U;
    const auto front =
        inflate_front(packed, name, std::min<std::size_t>(entry.size, longest_header));
    const auto array = array_of(front, name);
    require_numbers(entry.size - array.header.begin, array, name);
}

}  // namespace

FloatMap map_of_npy(std::string_view bytes, const std::string& name) {
    const auto array = array_of(bytes, name);
    const auto numbers = bytes.substr(array.header.begin);
    require_numbers(numbers.size(), array, name);
    auto values = npy_floats(numbers, array.header.type);
    if (array.header.by_columns) { values = by_rows(values, array.size); }
    return {array.size, std::move(values)};
}

FloatMap map_of_npz(std::string_view bytes, const std::string& name) {
    const MapBytes file(bytes, name);
    const auto entry = find_map_entry(file, name);
    require_map(!entry.is_encrypted && (entry.method == 0 || entry.method == 8), name,
                "is packed in a way that NumPy does not use (encrypted, or method ", entry.method,
                "); save it with numpy.savez_compressed");
    require_map(entry.size <= kMostMapBytes, name, "is too large (it says that it unpacks to ",
                entry.size, " bytes); save one map for each image");
    const auto content = stored_content(file, entry);
    if (entry.method == 0) { return map_of_npy(content, name); }
    require_truthful(content, entry, name);
    const auto unpacked = inflate(content, name, entry.size);
    file.check(unpacked.size() == entry.size, "its array unpacks to ", unpacked.size(),
               " bytes, and it says ", entry.size);
    return map_of_npy(unpacked, name);
}

}  // namespace patchead::inline data_detail
