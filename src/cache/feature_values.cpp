#include "feature_values.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "h5/half.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline cache_detail {
namespace {

/// Adds `halves` to the end of `to`, by way of a buffer that stays in the first-level cache: a
/// resize would first fill the memory with zeros, which takes as long as the conversion.
void append_floats(std::span<const Half> halves, std::vector<float>& to) {
    std::array<float, 2048> buffer{};
    while (!halves.empty()) {
        const auto count = std::min(halves.size(), buffer.size());
        to_float(halves.first(count), std::span(buffer).first(count));
        to.insert(to.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
        halves = halves.subspan(count);
    }
}

template <class Element, class Append>
std::vector<float> gather(const h5::SliceReader& reader, std::span<const std::size_t> rows,
                          Append append) {
    std::vector<float> values;
    values.reserve(rows.size() * reader.slice_bytes() / sizeof(Element));
    for (const auto row : rows) {
        reader.stream(row, [&](std::span<const std::byte> piece) {
            const auto* const elements = reinterpret_cast<const Element*>(piece.data());
            append(std::span(elements, piece.size() / sizeof(Element)), values);
        });
    }
    return values;
}

}  // namespace

void require_storable(std::span<const float> values, CacheType type,
                      std::span<const std::string> ids, const char* what,
                      const std::filesystem::path& path) {
    const float largest =
        type == CacheType::fp16 ? kLargestHalf : std::numeric_limits<float>::max();
    const auto at = first_beyond(values, largest);
    if (at == values.size()) { return; }
    const auto& id = ids[at / (values.size() / ids.size())];
    const bool finite = std::isfinite(values[at]);
    require<CacheError>(false, "cannot write '", path.string(), "' (", what, " ", values[at],
                        " of image '", id, "' is ",
                        finite ? "beyond half precision, which ends at 65504); store it with "
                                 "--cache-dtype fp32"
                               : "not a finite number); check the weights and the image");
}

ValueWriter::ValueWriter(hid_t parent, const std::string& name, CacheType type,
                         const h5::Extent& shape)
    : type_(type),
      writer_(parent, name, type == CacheType::fp16 ? h5::type_of<Half>() : h5::type_of<float>(),
              shape) {}

void ValueWriter::append(std::span<const float> values, std::size_t images) {
    const auto size = images == 0 ? 0 : values.size() / images;
    std::vector<Half> halves(type_ == CacheType::fp16 ? size : 0);
    for (std::size_t i = 0; i < images; ++i) {
        const auto own = values.subspan(i * size, size);
        if (type_ == CacheType::fp32) {
            writer_.append(std::as_bytes(own));
        } else {
            to_half(own, halves);
            writer_.append(std::as_bytes(std::span(halves)));
        }
    }
}

std::vector<float> read_singles(const h5::SliceReader& reader, std::size_t axes,
                                std::span<const std::size_t> rows) {
    reader.require_form(h5::type_of<float>(), axes);
    return gather<float>(reader, rows, [](std::span<const float> slice, std::vector<float>& to) {
        to.insert(to.end(), slice.begin(), slice.end());
    });
}

std::vector<float> read_values(const h5::SliceReader& reader, std::span<const std::size_t> rows) {
    const auto half = h5::type_of<Half>();
    if (H5Tequal(reader.type().id(), half.id()) > 0) {
        reader.require_form(half, 3);
        return gather<Half>(reader, rows, append_floats);
    }
    return read_singles(reader, 3, rows);
}

}  // namespace patchead::inline cache_detail
