#include "patchead/core/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr std::size_t kLongestArrayHeader = 1U << 16U;  // NumPy's own are some 100 bytes.

/// Little-endian. Requires at most four bytes.
std::size_t small_number(std::string_view bytes) {
    std::size_t value = 0;
    for (auto i = bytes.size(); i-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return value;
}

/// Takes `word` off the front of `text`; whether it stood there.
bool take_off(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) { return false; }
    text.remove_prefix(word.size());
    return true;
}

/// What stands before `end`, which is taken off, too; nothing if it does not come.
std::optional<std::string_view> take_until(std::string_view& text, char end) {
    const auto size = text.find(end);
    if (size == std::string_view::npos) { return std::nullopt; }
    const auto taken = text.substr(0, size);
    text.remove_prefix(size + 1);
    return taken;
}

/// The dictionary of a header, in the one form in which NumPy writes it. (A regular expression
/// would recurse for each character, and a long header end the program.)
struct HeaderText {
    std::string_view type;
    bool by_columns = false;
    std::string_view sides;
};

std::optional<HeaderText> parse_header_text(std::string_view text) {
    HeaderText found;
    if (!take_off(text, "{'descr': '")) { return std::nullopt; }
    const auto type = take_until(text, '\'');
    if (!type || !take_off(text, ", 'fortran_order': ")) { return std::nullopt; }
    found.type = *type;
    found.by_columns = take_off(text, "True");
    if (!found.by_columns && !take_off(text, "False")) { return std::nullopt; }
    if (!take_off(text, ", 'shape': (")) { return std::nullopt; }
    const auto sides = take_until(text, ')');
    if (!sides || sides->find_first_not_of("0123456789, ") != sides->npos) { return std::nullopt; }
    found.sides = *sides;
    static_cast<void>(take_off(text, ","));
    static_cast<void>(take_off(text, " "));
    const bool is_whole = take_off(text, "}") && text.find_first_not_of(" \t\n\v\f\r") == text.npos;
    return is_whole ? std::optional(found) : std::nullopt;
}

/// Sides between commas; what is none becomes the fault.
void read_shape(std::string_view sides, const std::string& name, NpyHeader& header) {
    std::string text(sides);
    std::erase(text, ' ');
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto side = rest.substr(0, rest.find(','));
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(side.data(), side.data() + side.size(), value);
        if (error != std::errc{} || end != side.data() + side.size()) {
            header.fault = concat("the shape of '", name, "' has a side '",
                                  escaped_name(std::string(side)), "'");
            return;
        }
        header.shape.push_back(value);
        rest.remove_prefix(std::min(rest.size(), side.size() + 1));
    }
}

float from_half(std::uint16_t bits) {
    const int exponent = bits >> 10U & 0x1F;
    const int fraction = bits & 0x3FF;
    const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
    if (exponent == 0x1F) { return fraction == 0 ? sign * HUGE_VALF : std::nanf(""); }
    if (exponent == 0) { return sign * std::ldexp(static_cast<float>(fraction), -24); }
    return sign * std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
}

/// One kind of number, and how it becomes a float.
struct NumberKind {
    std::string_view type;  ///< Without its byte order.
    std::size_t bytes;
    float (*read)(const char* bytes);  ///< In the order of this machine.
};

template <class Number>
float read_number(const char* bytes) {
    Number number{};
    std::memcpy(&number, bytes, sizeof number);
    return static_cast<float>(number);
}

float read_half(const char* bytes) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, bytes, sizeof bits);
    return from_half(bits);
}

constexpr auto kNumberKinds = std::to_array<NumberKind>({{"f4", 4, read_number<float>},
                                                         {"f8", 8, read_number<double>},
                                                         {"f2", 2, read_half},
                                                         {"u1", 1, read_number<std::uint8_t>},
                                                         {"u2", 2, read_number<std::uint16_t>},
                                                         {"u4", 4, read_number<std::uint32_t>},
                                                         {"u8", 8, read_number<std::uint64_t>},
                                                         {"i1", 1, read_number<std::int8_t>},
                                                         {"i2", 2, read_number<std::int16_t>},
                                                         {"i4", 4, read_number<std::int32_t>},
                                                         {"i8", 8, read_number<std::int64_t>}});

const NumberKind* kind_of(std::string_view type) {
    if (type.size() != 3 || std::string_view("<>|=").find(type[0]) == std::string_view::npos) {
        return nullptr;
    }
    const auto* const found = std::ranges::find(kNumberKinds, type.substr(1), &NumberKind::type);
    return found == kNumberKinds.end() ? nullptr : found;
}

}  // namespace

NpyHeader npy_header(std::string_view bytes, const std::string& name) {
    NpyHeader header;
    const auto version_at = kNpyMagic.size();
    if (bytes.size() < version_at + 6 || !bytes.starts_with(kNpyMagic)) {
        header.fault = concat("'", name, "' is no NumPy array");
        return header;
    }
    const auto width = bytes[version_at] == '\x01' ? std::size_t{2} : std::size_t{4};
    const auto size = small_number(bytes.substr(version_at + 2, width));
    const auto begin = version_at + 2 + width;
    if (size > kLongestArrayHeader || begin + size > bytes.size()) {
        header.fault = concat("the header of '", name, "' has ", size, " bytes");
        return header;
    }
    const auto found = parse_header_text(bytes.substr(begin, size));
    if (!found) {
        header.fault =
            concat("the header of '", name, "' is none that NumPy writes of plain numbers");
        return header;
    }
    header.type = found->type;
    header.by_columns = found->by_columns;
    header.begin = begin + size;
    read_shape(found->sides, name, header);
    return header;
}

std::optional<std::size_t> npy_number_bytes(std::string_view type) {
    const auto* kind = kind_of(type);
    return kind == nullptr ? std::nullopt : std::optional(kind->bytes);
}

std::vector<float> npy_floats(std::string_view bytes, std::string_view type) {
    const auto* kind = kind_of(type);
    PATCHEAD_ASSERT(kind != nullptr && bytes.size() % kind->bytes == 0);
    const bool is_swapped = type[0] == '>' && std::endian::native == std::endian::little;
    std::vector<float> values(bytes.size() / kind->bytes);
    std::array<char, 8> number{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto of_number = bytes.substr(i * kind->bytes, kind->bytes);
        std::ranges::copy(of_number, number.begin());
        if (is_swapped) { std::reverse(number.data(), number.data() + kind->bytes); }
        values[i] = kind->read(number.data());
    }
    return values;
}

std::optional<std::int64_t> npy_count(std::span<const std::int64_t> shape) {
    std::int64_t count = 1;
    for (const auto side : shape) {
        if (side < 0 || __builtin_mul_overflow(count, side, &count)) { return std::nullopt; }
    }
    return count;
}

std::string npy_text(std::span<const float> values, std::span<const std::int64_t> shape) {
    std::string sides;
    for (const auto side : shape) { sides += concat(side, ", "); }
    if (shape.size() > 1) { sides.resize(sides.size() - 2); }
    if (shape.size() == 1) { sides.resize(sides.size() - 1); }
    auto header = concat("{'descr': '<f4', 'fortran_order': False, 'shape': (", sides, "), }");
    constexpr std::size_t before = 10;  // Numbers begin at a multiple of 64, as NumPy has it.
    header.resize((before + header.size() + 64) / 64 * 64 - before - 1, ' ');
    header += '\n';
    const auto size = header.size();
    auto text = concat(kNpyMagic, '\x01', '\0', static_cast<char>(size & 0xFFU),
                       static_cast<char>(size >> 8U), header);
    text.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return text;
}

}  // namespace patchead
