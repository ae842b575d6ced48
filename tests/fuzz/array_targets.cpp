/// \file
/// \brief Arrays of NumPy: single ones as anomaly maps, and archives as maps and as checkpoints.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <zlib.h>

#include "fuzz.hpp"
#include "maps/array_map.hpp"
#include "maps/map_bytes.hpp"
#include "patchead/core/gzip.hpp"
#include "patchead/core/npy.hpp"
#include "patchead/core/zip_directory.hpp"

namespace patchead::fuzz {
namespace {

/// An integer of so many bytes from the one that counts least on.
double slow_integer(std::string_view bytes, bool has_sign) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    const auto bits = 8 * bytes.size();
    const bool is_negative = has_sign && (value >> (bits - 1) & 1U) != 0;
    if (!is_negative) { return static_cast<double>(static_cast<float>(value)); }
    const auto missing = bits == 64 ? 0 : ~std::uint64_t{0} << bits;
    return static_cast<double>(static_cast<float>(static_cast<std::int64_t>(value | missing)));
}

double slow_real(std::string_view bytes) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data(), bytes.size());
    const int digits = bytes.size() == 2 ? 10 : bytes.size() == 4 ? 23 : 52;
    const int width = static_cast<int>(8 * bytes.size());
    const auto fraction = static_cast<double>(bits & ((std::uint64_t{1} << digits) - 1));
    const int most = (1 << (width - 1 - digits)) - 1;
    const int exponent = static_cast<int>(bits >> digits) & most;
    const double sign = (bits >> (width - 1) & 1U) != 0 ? -1 : 1;
    const double one = std::ldexp(1.0, digits);
    if (exponent == most) { return fraction == 0 ? sign * HUGE_VAL : std::nan(""); }
    const double value = exponent == 0 ? std::ldexp(fraction / one, 1 - most / 2)
                                       : std::ldexp(1 + fraction / one, exponent - most / 2);
    return static_cast<double>(static_cast<float>(sign * value));
}

float slow_number(std::string_view bytes, std::string_view type) {
    std::string ordered(bytes);
    if (type[0] == '>') { std::ranges::reverse(ordered); }
    return static_cast<float>(type[1] == 'f' ? slow_real(ordered)
                                             : slow_integer(ordered, type[1] == 'i'));
}

bool same_bits(float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
           (std::isnan(a) && std::isnan(b));
}

/// That `map` is what the array `bytes` says.
void require_map_of(const FloatMap& map, std::string_view bytes) {
    const auto header = npy_header(bytes, "a");
    const auto width = npy_number_bytes(header.type).value_or(0);
    require_property(map.values.size() == map.size.area(), "a map has a number for each pixel");
    const auto rows = static_cast<std::size_t>(map.size.height);
    const auto cols = static_cast<std::size_t>(map.size.width);
    for (std::size_t i = 0; i < map.values.size(); ++i) {
        const auto place = header.by_columns ? i % cols * rows + i / cols : i;
        const auto number = bytes.substr(header.begin + place * width, width);
        require_property(same_bits(map.values[i], slow_number(number, header.type)),
                         "a pixel has the number of the file");
    }
    const std::int64_t shape[] = {map.size.height, map.size.width};
    const auto again = data_detail::map_of_npy(npy_text(map.values, shape), "again");
    require_property(
        std::ranges::equal(again.values, map.values, same_bits) && again.size == map.size,
        "a map that is written reads alike");
}

/// What zlib makes of deflated bytes; nothing if it refuses, or makes more than `most`.
std::optional<std::string> zlib_inflated(std::string_view bytes, std::size_t most) {
    z_stream stream{};
    if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) { return std::nullopt; }
    std::string result(most + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    const int code = ::inflate(&stream, Z_FINISH);
    const auto size = result.size() - stream.avail_out;
    ::inflateEnd(&stream);
    if (code != Z_STREAM_END || size > most) { return std::nullopt; }
    result.resize(size);
    return result;
}

}  // namespace

/// Refused, or each number as a slow reader has it.
void fuzz_npy(std::string_view input) {
    const auto map = result_of([&] { return data_detail::map_of_npy(input, "a.npy"); });
    if (map) { require_map_of(*map, input); }
}

/// Refused, or the map of the archive's array, unpacked as zlib does it. First bytes above 127:
/// only deflated bytes.
void fuzz_npz(std::string_view input) {
    constexpr std::size_t most = 4096;
    if (!input.empty() && static_cast<unsigned char>(input.front()) > 127) {
        const auto packed = input.substr(1);
        const auto ours = result_of([&] { return inflate(packed, "a", most); });
        const auto theirs = zlib_inflated(packed, most);
        if (ours && theirs) { require_property(*ours == *theirs, "zlib unpacks the same"); }
        return;
    }
    const auto map = result_of([&] { return data_detail::map_of_npz(input, "a.npz"); });
    if (!map) { return; }
    const std::string name = "a.npz";
    const data_detail::MapBytes file(input, name);
    std::size_t alike = 0;
    for_each_zip_entry(file, [&](const ZipEntry& entry) {
        if (!entry.name.ends_with(".npy") || entry.size > kMostMapBytes) { return; }
        const auto unpacked = result_of([&] {
            const auto content = stored_content(file, entry);
            return entry.method == 0 ? std::string(content)
                                     : inflate(content, name, std::size_t{1} << 24U);
        });
        const auto other =
            !unpacked ? std::nullopt
                      : result_of([&] { return data_detail::map_of_npy(*unpacked, name); });
        if (!other || other->size != map->size ||
            !std::ranges::equal(other->values, map->values, same_bits)) {
            return;
        }
        ++alike;
        require_map_of(*map, *unpacked);
    });
    require_property(alike > 0, "a map of an archive is one of its arrays");
}

}  // namespace patchead::fuzz
